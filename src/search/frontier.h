// What to try next on the way to the cheapest network whose quality stays above a floor.
//
// A quality is 1 for the first network and 0 for chance. Steps that are not yet tried wait in a queue. A step's rank is the
// lowest logarithm of cost that still seems within reach behind it:
//
//   log(cost behind the step) - optimism * (quality above the floor that is expected behind it) / price
//
// The price of a kind of step is the quality that it has cost so far, on average, for each factor e of cost that it saved;
// the one below the line is that of the cheapest kind. With optimism 1 this is A*, and the lowest rank is a bound: nothing
// that waits leads to a cheaper network as long as no step is cheaper than the cheapest kind is on average. No bound holds
// without such an assumption: qualities are measured, and a step may even raise one. Less optimism goes deeper sooner, and
// every other step is a dive: the one to the cheapest network that is expected to stay above the floor, by the price of its
// own kind. A search that is stopped early, as all are in practice, has then been far down as well as broad.
//
// depth_first is the recursive walk: the cheapest child first, back only when none survives.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "edit/reductions.h"

namespace dimple::search {

enum class Order { astar, depth_first };

struct FrontierOptions {
  Order order = Order::astar;
  double floor = 0.8;     // quality
  double optimism = 0.5;  // 0 to 1
};

// A step that may be taken from a network that was tried.
struct Move {
  int64_t from = 0;  // number of the network
  edit::Reduction step;
  double cost_before = 0, cost_after = 0;
};

class Frontier {
 public:
  explicit Frontier(const FrontierOptions&);

  // A network that was tried, and what may be done to it. Below the floor nothing is.
  void open(double quality, std::vector<Move> moves);
  // What a step turned out to cost.
  void learn(const Move& move, double quality_before, double quality_after);

  // The step with the lowest rank leaves the queue, of equals the one that leads to the cheapest network, or the next dive;
  // nothing: it is empty.
  std::optional<Move> next();
  // The lowest rank in the queue, as a cost: with optimism 1, nothing that waits promises a cheaper network.
  std::optional<double> bound();

  double price_of(const std::string& kind) const;
  size_t waiting() const { return queue_.size(); }

 private:
  struct Waiting {
    Move move;
    double quality = 0;  // of the network that it begins from
    int opened = 0;      // the number of the network among those that were opened
    double rank = 0;
  };
  struct Paid {
    double quality = 0, saved = 0;
  };
  static bool comes_later(const Waiting&, const Waiting&);
  double best_price() const;
  double slack_of(const Waiting&) const;
  double rank_of(const Waiting&) const;
  void rank_again();
  bool dives_now();
  std::vector<Waiting>::iterator deepest();

  FrontierOptions options_;
  double usual_price_;
  std::vector<Waiting> queue_;  // a heap: the lowest rank first
  std::map<std::string, Paid> paid_;
  int opened_ = 0;
  bool stale_ = false, dived_ = false;
};

}  // namespace dimple::search
