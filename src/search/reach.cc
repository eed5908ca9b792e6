#include "search/reach.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <vector>

#include "host/random.h"
#include "plot/axis.h"

namespace dimple::search {
namespace {

constexpr int kMostLooks = 1500;  // networks in one descent
constexpr int kTwoGenes = 300;    // of them changes of two genes in a row that did not help
constexpr size_t kDrawn = 64, kDrawnStarts = 6;

class Scout {
 public:
  Scout(const Space& space, const Requirements& where, const CostFigure& cost, uint64_t seed, const host::Task& task)
      : space_(space), cost_(cost), task_(task), random_(seed) {
    for (const Requirement& r : where)
      if (is_cost(r.figure)) costs_.push_back(r);
    ends_ = {smallest(), space.prototype()};
    for (size_t i = 0; i < kDrawn; ++i) drawn_.push_back(space.random(random_));
  }

  std::optional<Blocked> find();

 private:
  Design smallest() const;
  double figure_of(const Design& design, const std::string& figure);
  double miss_of(const Design& design, const Requirements& wanted);
  bool improve_one(Design& at, double& least, const Requirements& wanted, int& looks);
  bool improve_two(Design& at, double& least, const Requirements& wanted, int& looks);
  Design descend(Design at, const Requirements& wanted);
  Design nearest(const Requirements& wanted, std::vector<Design> starts);
  std::optional<Blocked> blocked_at(const Design& nearest, const Requirements& wanted);

  const Space& space_;
  const CostFigure& cost_;
  const host::Task& task_;
  Requirements costs_;
  host::Random random_;
  std::vector<Design> ends_, drawn_;
  std::map<std::string, Figures> known_;  // by the bytes of a design
};

// Of what has degrees the last one; nothing else is changed.
Design Scout::smallest() const {
  Design design = space_.prototype();
  for (size_t i = 0; i < design.size(); ++i) {
    const Gene& gene = space_.genes()[i];
    if (gene.kind == "narrow" || gene.kind == "input") design[i] = static_cast<uint8_t>(gene.choices.size() - 1);
  }
  return design;
}

double Scout::figure_of(const Design& design, const std::string& figure) {
  Figures& figures = known_[{design.begin(), design.end()}];
  const auto at = figures.find(figure);
  if (at != figures.end()) return at->second;
  task_.stop_if_cancelled();
  return figures[figure] = cost_(space_.express(design).structure, figure);
}

// In factors e between figure and bound: what has to become more counts as what has to become less.
double Scout::miss_of(const Design& design, const Requirements& wanted) {
  double miss = 0;
  for (const Requirement& r : wanted) {
    const double value = figure_of(design, r.figure);
    if (r.met_by(value)) continue;
    miss += value > 0 && r.bound > 0 ? std::max(std::abs(std::log(value / r.bound)), 1e-9) : r.miss(value);
  }
  return miss;
}

// Both ends, the next ones, and half way to either end.
std::set<uint8_t> choices_near(const Gene& gene, int now) {
  const int last = static_cast<int>(gene.choices.size()) - 1;
  std::set<uint8_t> choices;
  for (const int to : {0, last, now - 1, now + 1, now / 2, (now + last) / 2})
    if (to >= 0 && to <= last && to != now) choices.insert(static_cast<uint8_t>(to));
  return choices;
}

// One gene after the other.
bool Scout::improve_one(Design& at, double& least, const Requirements& wanted, int& looks) {
  const double before = least;
  for (size_t i = 0; i < at.size() && least > 0 && looks < kMostLooks; ++i)
    for (const uint8_t to : choices_near(space_.genes()[i], at[i])) {
      Design other = at;
      other[i] = to, ++looks;
      if (const double miss = miss_of(other, wanted); miss < least) at = std::move(other), least = miss;
    }
  return least < before;
}

// Two at once, as where one layer has to give what another gets.
bool Scout::improve_two(Design& at, double& least, const Requirements& wanted, int& looks) {
  for (int i = 0; i < kTwoGenes && looks < kMostLooks; ++i, ++looks) {
    Design other = at;
    for (int gene = 0; gene < 2; ++gene) {
      const size_t g = random_.below(static_cast<uint32_t>(at.size()));
      other[g] = static_cast<uint8_t>(random_.below(static_cast<uint32_t>(space_.genes()[g].choices.size())));
    }
    const double miss = miss_of(other, wanted);
    if (miss >= least) continue;
    at = std::move(other), least = miss;
    return true;
  }
  return false;
}

Design Scout::descend(Design at, const Requirements& wanted) {
  double least = miss_of(at, wanted);
  int looks = 0;
  while (least > 0 && looks < kMostLooks)
    if (!improve_one(at, least, wanted, looks) && (wanted.size() < 2 || !improve_two(at, least, wanted, looks))) break;
  return at;
}

// Of the ends, the other starts and the best drawn ones, what is nearest when all have descended.
Design Scout::nearest(const Requirements& wanted, std::vector<Design> starts) {
  const auto miss = [&](const Design& d) { return miss_of(d, wanted); };
  std::ranges::stable_sort(drawn_, {}, miss);
  starts.insert(starts.begin(), ends_.begin(), ends_.end());
  starts.insert(starts.end(), drawn_.begin(), drawn_.begin() + kDrawnStarts);
  std::ranges::stable_sort(starts, {}, miss);
  Design best = starts[0];
  for (const Design& start : starts) {
    if (miss(best) == 0) break;
    if (Design end = descend(start, wanted); miss(end) < miss(best)) best = std::move(end);
  }
  return best;
}

std::optional<Blocked> Scout::blocked_at(const Design& nearest, const Requirements& wanted) {
  if (miss_of(nearest, wanted) == 0) return {};
  Blocked blocked{wanted, {}};
  for (const Requirement& r : wanted) blocked.nearest[r.figure] = figure_of(nearest, r.figure);
  return blocked;
}

// The fewest that block: one alone, else a pair, else all together.
std::optional<Blocked> Scout::find() {
  for (const Design& end : ends_)
    if (miss_of(end, costs_) == 0) return {};
  std::vector<Design> alone;
  for (const Requirement& r : costs_) {
    alone.push_back(nearest({r}, {}));
    if (auto blocked = blocked_at(alone.back(), {r})) return blocked;
  }
  const Design all = nearest(costs_, alone);
  if (miss_of(all, costs_) == 0) return {};
  for (size_t i = 0; i < costs_.size(); ++i)
    for (size_t j = i + 1; j < costs_.size(); ++j) {
      const Requirements pair{costs_[i], costs_[j]};
      if (auto blocked = blocked_at(nearest(pair, {alone[i], alone[j], all}), pair)) return blocked;
    }
  return blocked_at(all, costs_);
}

}  // namespace

std::optional<Blocked> find_blocked(const Space& space, const Requirements& where, const CostFigure& cost,
                                    uint64_t seed, const host::Task& task) {
  return Scout(space, where, cost, seed, task).find();
}

host::Error refusal_of(const Blocked& blocked) {
  const Requirement& r = blocked.requirements.at(0);
  const double value = blocked.nearest.at(r.figure);
  if (!std::isfinite(value))
    return {host::Exit::gate, fmt::format("nothing meets {}: no network of this prototype has {}", print(r), r.figure),
            "they have no integer form, or no kernels there"};
  return {host::Exit::gate,
          fmt::format("no network of this prototype meets {}: the nearest has {}", print(r), plot::short_number(value)),
          fmt::format("a {} prototype, or a bound that is less strict; --kinds and --smallest-input limit it too",
                      r.at_most ? "smaller" : "larger")};
}

std::string doubt_of(const Blocked& blocked) {
  std::vector<std::string> wanted, has;
  for (const Requirement& r : blocked.requirements) {
    wanted.push_back(print(r));
    has.push_back(fmt::format("{} {}", r.figure, plot::short_number(blocked.nearest.at(r.figure))));
  }
  return fmt::format("each of {} can be met, but a quick look found no network that meets {}: the nearest has {}",
                     wanted.size() == 2 ? "two requirements" : "the requirements", fmt::join(wanted, " and "),
                     fmt::join(has, ", "));
}

}  // namespace dimple::search
