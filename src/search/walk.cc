#include "search/walk.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "host/error.h"

namespace dimple::search {
namespace {

using host::Error;
using host::Exit;

class Walk {
 public:
  Walk(const ir::Graph& first, const WalkOptions& options, const CostOf& cost, Assessor& assessor)
      : first_(first), options_(options), cost_(cost), assessor_(assessor), frontier_(options.frontier) {
    first_.constants.clear();
  }

  void run();

 private:
  // A network that was tried, and may be reduced further.
  struct Stop {
    Record record;
    Path path;
    ir::Graph structure;
    double quality = 0;
  };
  struct Step {
    Move move;
    Stop stop;
  };
  void open(Stop stop);
  std::vector<Move> moves_of(const Stop& stop, int64_t number) const;
  std::vector<Step> next_steps();
  bool is_proven();
  void take(std::vector<Step>& steps, const std::vector<Record>& records);

  ir::Graph first_;
  const WalkOptions& options_;
  const CostOf& cost_;
  Assessor& assessor_;
  Frontier frontier_;
  Quality quality_;
  double lowest_cost_ = std::numeric_limits<double>::infinity();  // of those above the floor
  std::map<int64_t, Stop> open_;                                  // by the number of the record
  std::set<std::string> seen_;
};

std::vector<Move> Walk::moves_of(const Stop& stop, int64_t number) const {
  std::vector<Move> moves;
  const double before = cost_(stop.structure);
  for (const edit::Reduction& step : edit::reductions_of(stop.structure, options_.reductions))
    moves.push_back({number, step, before, cost_(edit::reduce(stop.structure, step))});
  return moves;
}

void Walk::open(Stop stop) {
  const int64_t number = stop.record.id;
  if (stop.quality < options_.frontier.floor) return;
  lowest_cost_ = std::min(lowest_cost_, cost_(stop.structure));
  frontier_.open(stop.quality, moves_of(stop, number));
  open_.emplace(number, std::move(stop));
}

// Two ways may lead to the same network: it is tried once.
std::vector<Walk::Step> Walk::next_steps() {
  std::vector<Step> steps;
  while (static_cast<int>(steps.size()) < options_.at_once) {
    std::optional<Move> move = frontier_.next();
    if (!move) break;
    const Stop& from = open_.at(move->from);
    Stop to{{}, from.path, edit::reduce(from.structure, move->step), 0};
    to.path.push_back(move->step);
    to.record.key = key_of(to.structure), to.record.heir = from.record.key;
    if (seen_.insert(to.record.key).second) steps.push_back({std::move(*move), std::move(to)});
  }
  return steps;
}

// With full optimism a rank is a bound: once none that waits is below the cheapest network, none can become so.
bool Walk::is_proven() {
  const FrontierOptions& how = options_.frontier;
  if (how.order != Order::astar || how.optimism < 1) return false;
  const std::optional<double> bound = frontier_.bound();
  return bound && *bound >= lowest_cost_;
}

// The cheapest step stands first, and is opened last: a recursive walk goes on from what was opened last.
void Walk::take(std::vector<Step>& steps, const std::vector<Record>& records) {
  for (size_t i = 0; i < records.size(); ++i) {
    if (!records[i].result.failure.empty()) continue;
    Stop& stop = steps[i].stop;
    stop.record = records[i], stop.quality = quality_.of(records[i].result.score);
    frontier_.learn(steps[i].move, open_.at(steps[i].move.from).quality, stop.quality);
  }
  for (size_t i = records.size(); i > 0; --i)
    if (records[i - 1].result.failure.empty()) open(std::move(steps[i - 1].stop));
}

void Walk::run() {
  std::vector<Record> records = assessor_.assess({{}});
  if (records.empty()) return;
  quality_ = {records[0].result.score, options_.chance, options_.plain};
  if (!records[0].result.failure.empty())
    throw Error(Exit::failed, "the first network cannot be tried: " + records[0].result.failure);
  if (quality_.first <= options_.chance)
    throw Error(Exit::usage,
                fmt::format("the first network scores {:.3f}, which is no better than chance", quality_.first),
                "it may need a longer first training: --first-epochs, --first-time");
  seen_.insert(records[0].key);
  Stop start{records[0], {}, first_, 1};
  open(std::move(start));
  if (frontier_.waiting() == 0)
    throw Error(Exit::usage, "nothing can be taken from the first network", "--kinds allows all kinds by default");
  while (!is_proven()) {
    std::vector<Step> steps = next_steps();
    if (steps.empty()) return;
    std::vector<Proposal> proposals;
    for (const Step& step : steps) proposals.push_back({step.stop.path, step.stop.record.heir});
    records = assessor_.assess(proposals);
    take(steps, records);
    if (records.size() < steps.size()) return;
  }
}

}  // namespace

void walk(const ir::Graph& first, const WalkOptions& options, const CostOf& cost, Assessor& assessor) {
  Walk(first, options, cost, assessor).run();
}

}  // namespace dimple::search
