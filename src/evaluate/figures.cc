#include "evaluate/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <numeric>

#include "data/duplicates.h"
#include "host/error.h"
#include "metrics/auc.h"

namespace dimple::evaluate {
namespace {

using Positions = std::span<const int32_t>;  // in the answers

metrics::Classification classify(const Answers& a, Positions at) {
  return metrics::classify(a.scores, a.labels, static_cast<int>(a.classes.size()), at);
}

// AUC, precision and recall of the second of two classes. Rows may repeat.
std::vector<double> of_positive(const Answers& a, Positions at, const metrics::Classification& r) {
  std::vector<float> scores;
  std::vector<int32_t> labels;
  for (const int32_t i : at) {
    scores.insert(scores.end(), {a.scores[2 * static_cast<size_t>(i)], a.scores[2 * static_cast<size_t>(i) + 1]});
    labels.push_back(a.labels[static_cast<size_t>(i)]);
  }
  return {metrics::auc(scores, labels, 2, 1).value_or(0.5), r.per_class[1].precision, r.per_class[1].recall};
}

// The statistic of these answers with its bootstrap interval.
template <class Statistic>
std::vector<Figure> with_intervals(const data::Dataset& set, const Answers& a, Positions at, int resamples,
                                   const Statistic& statistic) {
  std::vector<int32_t> rows;
  for (const int32_t i : at) rows.push_back(a.rows[static_cast<size_t>(i)]);
  const auto drawn = [&](std::span<const int32_t> sample) {
    std::vector<int32_t> positions;
    for (const int32_t s : sample) positions.push_back(at[static_cast<size_t>(s)]);
    return statistic(Positions(positions));
  };
  const auto intervals =
      metrics::bootstrap(static_cast<int64_t>(at.size()), groups_of(set, rows), drawn, {.resamples = resamples});
  const auto values = statistic(at);
  std::vector<Figure> out;
  for (size_t i = 0; i < values.size(); ++i)
    out.push_back({values[i], i < intervals.size() ? intervals[i] : metrics::Interval{values[i], values[i]}});
  return out;
}

host::Named<host::Named<Slice>> measure_slices(const data::Dataset& set, const Answers& a, int resamples) {
  host::Named<host::Named<Slice>> slices;
  for (const data::Group& group : set.groups) {
    std::map<std::string, std::vector<int32_t>> by_value;
    for (size_t i = 0; i < a.rows.size(); ++i)
      if (const std::string& value = group.value[static_cast<size_t>(a.rows[i])]; !value.empty())
        by_value[value].push_back(static_cast<int32_t>(i));
    if (by_value.empty()) continue;
    slices.push_back({group.name, {}});
    for (const auto& [value, at] : by_value) {
      const auto three = with_intervals(set, a, at, resamples, [&](Positions some) {
        const auto r = classify(a, some);
        return std::vector<double>{r.accuracy, r.balanced_accuracy, r.f1_macro};
      });
      slices.back().second.push_back({value, {static_cast<int64_t>(at.size()), three[0], three[1], three[2]}});
    }
  }
  return slices;
}

// Figures with the names of their classes.
struct NamedFigures {
  const Figures& figures;
  const std::vector<std::string>& classes;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    Figures::visit(self.figures, f, self.classes);
  }
};

}  // namespace

const Figure& Figures::operator[](std::string_view name) const {
  static const Figure none;
  const auto it = std::ranges::find(figures, name, &std::pair<std::string, Figure>::first);
  return it == figures.end() ? none : it->second;
}

std::optional<double> Figures::find(std::string_view name) const {
  for (const auto& [known, figure] : figures)
    if (known == name) return figure.value;
  return std::nullopt;
}

host::OrNull<double> Figures::accuracy_deduplicated() const {
  if (deduplicated.count == 0) return std::monostate();
  return (*this)["accuracy_deduplicated"].value;
}

host::Named<host::OrNull<std::array<double, 2>>> Figures::intervals() const {
  host::Named<host::OrNull<std::array<double, 2>>> ends;
  for (const auto& [name, figure] : figures) {
    ends.push_back({name, figure.interval.ends()});
    if (name == "accuracy_deduplicated" && deduplicated.count == 0) ends.back().second = std::monostate();
  }
  return ends;
}

host::Named<metrics::ClassFigures> Figures::by_class(const std::vector<std::string>& classes) const {
  host::Named<metrics::ClassFigures> by_class;
  for (size_t c = 0; c < classes.size(); ++c) by_class.push_back({classes[c], raw.per_class[c]});
  return by_class;
}

std::vector<int32_t> groups_of(const data::Dataset& set, std::span<const int32_t> rows) {
  std::vector<int32_t> group;
  std::map<std::string, int32_t> numbers;
  for (const int32_t r : rows) {
    const auto row = static_cast<size_t>(r);
    const std::string key = !set.subject.empty() && !set.subject[row].empty()
                                ? "person " + set.subject[row]
                                : "picture " + std::to_string(set.duplicate_of.empty() ? r : set.duplicate_of[row]);
    group.push_back(numbers.try_emplace(key, static_cast<int32_t>(numbers.size())).first->second);
  }
  return group;
}

Figures measure(const data::Dataset& set, const Answers& a, int resamples) {
  const auto copy = a.seen.empty() ? data::copies_of_training(set) : std::vector<bool>();
  std::vector<int32_t> all, unseen;
  for (size_t i = 0; i < a.rows.size(); ++i) {
    all.push_back(static_cast<int32_t>(i));
    if (!(a.seen.empty() ? copy[static_cast<size_t>(a.rows[i])] : a.seen[i])) unseen.push_back(all.back());
  }
  const bool two = a.classes.size() == 2;
  const auto statistic = [&](Positions at) {
    const auto r = classify(a, at);
    std::vector<double> values{r.accuracy, r.balanced_accuracy, r.f1_macro};
    if (two)
      for (const double v : of_positive(a, at, r)) values.push_back(v);
    return values;
  };
  const auto raw = with_intervals(set, a, all, resamples, statistic),
             deduplicated = with_intervals(set, a, unseen, resamples, statistic);
  Figures f;
  f.raw = classify(a, all), f.deduplicated = classify(a, unseen);
  f.figures = {{"accuracy", raw[0]},
               {"accuracy_deduplicated", deduplicated[0]},
               {"balanced_accuracy", raw[1]},
               {"f1_macro", raw[2]}};
  if (two)
    for (const auto& [name, at] : {std::pair{"auc", 3}, {"precision", 4}, {"recall", 5}})
      f.figures.push_back({name, raw[static_cast<size_t>(at)]});
  f.slices = measure_slices(set, a, resamples);
  return f;
}

host::Json to_json(const Figures& figures, const std::vector<std::string>& classes) {
  return host::to_json(NamedFigures{figures, classes});
}

namespace {

constexpr std::string_view kFigures[] = {
    "accuracy", "accuracy_deduplicated", "balanced_accuracy", "f1_macro", "auc", "precision", "recall"};

struct Gate {
  std::string figure;
  double least = 0;
};

Gate parse_gate(const std::string& text) {
  const size_t equals = std::min(text.find('='), text.size());
  Gate gate{text.substr(0, equals)};
  if (gate.figure == "acc") gate.figure = "accuracy";
  const char *begin = text.data() + std::min(equals + 1, text.size()), *end = text.data() + text.size();
  const auto number = std::from_chars(begin, end, gate.least);
  const bool known = std::ranges::find(kFigures, gate.figure) != std::end(kFigures);
  if (!known || number.ec != std::errc() || number.ptr != end || !std::isfinite(gate.least))  // nan would never close
    throw host::Error(host::Exit::usage, "--fail-under: cannot understand `" + text + "`",
                      "for example --fail-under accuracy=0.6");
  return gate;
}

}  // namespace

std::vector<std::string> missed_gates(const Figures& figures, const std::vector<std::string>& gates) {
  std::vector<std::string> missed;
  for (const std::string& text : gates) {
    const Gate gate = parse_gate(text);
    const double value = figures[gate.figure].value;
    if (value < gate.least) missed.push_back(fmt::format("{} is {:.4f}, below {}", gate.figure, value, gate.least));
  }
  return missed;
}

}  // namespace dimple::evaluate
