#include "search/requirements.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "host/error.h"
#include "host/suggest.h"
#include "profile/estimate.h"
#include "target/target.h"

namespace dimple::search {
namespace {

using host::Error;
using host::Exit;

constexpr std::string_view kTimeOn = "est_ms@";
const std::vector<std::string> kLearned{"score", "acc", "auc"};
const std::vector<std::string> kCosts{"parameters", "macs", "flops", "float_kb", "int8_kb", "ram_kb"};

// Words: names, numbers, and the four comparisons.
class Words {
 public:
  explicit Words(std::string_view text) : text_(text) {}

  std::string_view next() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
    const size_t begin = at_;
    if (at_ < text_.size() && is_sign(text_[at_])) {
      while (at_ < text_.size() && is_sign(text_[at_])) ++at_;
    } else {
      while (at_ < text_.size() && !is_blank(text_[at_]) && !is_sign(text_[at_])) ++at_;
    }
    return text_.substr(begin, at_ - begin);
  }

 private:
  static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n'; }
  static bool is_sign(char c) { return c == '<' || c == '>' || c == '='; }

  std::string_view text_;
  size_t at_ = 0;
};

[[noreturn]] void stop(std::string_view text, const std::string& why, const std::string& hint = {}) {
  throw Error(Exit::usage, fmt::format("cannot understand `{}`: {}", text, why),
              hint.empty() ? "for example `acc >= 0.6 and macs < 5M and int8_kb < 100`" : hint);
}

double parse_number(std::string_view text, std::string_view word) {
  double value = 0;
  const auto [end, problem] = std::from_chars(word.data(), word.data() + word.size(), value);
  const std::string_view unit(end, static_cast<size_t>(word.data() + word.size() - end));
  if (problem != std::errc() || !std::isfinite(value) || unit.size() > 1)
    stop(text, fmt::format("`{}` is no number", word));
  if (unit == "k" || unit == "K") return value * 1e3;
  if (unit == "M") return value * 1e6;
  if (unit == "G") return value * 1e9;
  if (!unit.empty()) stop(text, fmt::format("`{}` is no number", word));
  return value;
}

// Both ends of what a figure may be.
void check_together(std::string_view text, const Requirements& all) {
  for (const Requirement& low : all) {
    for (const Requirement& high : all) {
      if (low.at_most || !high.at_most || low.figure != high.figure) continue;
      if (low.bound > high.bound || (low.bound == high.bound && !(low.or_equal && high.or_equal)))
        stop(text, fmt::format("no number meets both {} and {}", print(low), print(high)));
    }
    const bool is_share = std::ranges::find(kLearned, low.figure) != kLearned.end();
    if (is_share && !low.at_most && !low.met_by(1))
      stop(text, fmt::format("{0} is at most 1, and nothing meets {1}", low.figure, print(low)));
    if (low.at_most && !low.met_by(0)) stop(text, fmt::format("nothing meets {}", print(low)));
  }
}

}  // namespace

bool Requirement::met_by(double value) const {
  if (value == bound) return or_equal;
  return at_most ? value < bound : value > bound;
}

double Requirement::miss(double value) const {
  if (met_by(value)) return 0;
  const double scale = std::max(std::abs(bound), std::numeric_limits<double>::min());
  return std::max(std::abs(value - bound) / scale, 1e-9);
}

void check_figure(std::string_view figure, const std::string& where) {
  if (const std::string name = target_of(figure); !name.empty()) {
    const target::Target chip = target::find_target(name);
    if (!profile::estimates_time(chip))
      throw Error(Exit::usage, fmt::format("{}: times on {} cannot be estimated", where, name),
                  profile::how_estimated(chip));
    return;
  }
  std::vector<std::string> known = kLearned;
  known.insert(known.end(), kCosts.begin(), kCosts.end());
  if (std::ranges::find(known, figure) == known.end())
    throw Error(Exit::usage, fmt::format("{}: there is no figure `{}`", where, figure),
                host::did_you_mean(figure, known, "est_ms@TARGET is a time"));
}

bool is_cost(std::string_view figure) { return std::ranges::find(kLearned, figure) == kLearned.end(); }

std::string target_of(std::string_view figure) {
  return figure.starts_with(kTimeOn) ? std::string(figure.substr(kTimeOn.size())) : "";
}

Requirements parse_requirements(std::string_view text) {
  Requirements all;
  Words words(text);
  for (;;) {
    Requirement one;
    one.figure = words.next();
    if (one.figure.empty()) stop(text, all.empty() ? "nothing is required" : "something is missing behind `and`");
    check_figure(one.figure, std::string(text));
    const std::string_view sign = words.next();
    if (sign != "<" && sign != "<=" && sign != ">" && sign != ">=")
      stop(text, fmt::format("behind `{}` comes <, <=, > or >=, not `{}`", one.figure, sign));
    one.at_most = sign[0] == '<', one.or_equal = sign.size() == 2;
    one.bound = parse_number(text, words.next());
    all.push_back(one);
    const std::string_view more = words.next();
    if (more.empty()) break;
    if (more != "and") stop(text, fmt::format("behind `{}` comes `and`, not `{}`", print(one), more));
  }
  check_together(text, all);
  return all;
}

std::string print(const Requirement& r) {
  const auto number = [](double value) {
    for (const auto& [unit, size] : {std::pair("G", 1e9), {"M", 1e6}, {"k", 1e3}})
      if (std::abs(value) >= size) return fmt::format("{:g}{}", value / size, unit);
    return fmt::format("{:g}", value);
  };
  return fmt::format("{} {}{} {}", r.figure, r.at_most ? "<" : ">", r.or_equal ? "=" : "", number(r.bound));
}

std::vector<Requirement> missed(const Requirements& all, const Figures& figures) {
  std::vector<Requirement> out;
  for (const Requirement& r : all)
    if (!r.met_by(figures.find(r.figure)->second)) out.push_back(r);
  return out;
}

double total_miss(const Requirements& all, const Figures& figures) {
  double sum = 0;
  for (const Requirement& r : all) sum += r.miss(figures.find(r.figure)->second);
  return sum;
}

}  // namespace dimple::search
