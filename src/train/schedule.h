// What changes while a training goes on: the learning rate of each step, which layers learn, and when to end: after so
// many steps, or within a time.
//
// With a time the cosine follows the fraction of the time that is used, so that the learning rate is down when the time
// is over, however fast the machine is. The price: such a training is not repeatable to the bit.
#pragma once
#include <chrono>
#include <cstdint>
#include <vector>

#include "ir/graph.h"
#include "train/recipe.h"

namespace dimple::train {

// Cosine from 1 at the end of the warm-up to `final_fraction` at the last step; the warm-up rises linearly from 0.
double rate_fraction(int64_t step, int64_t steps, int64_t warmup_steps, double final_fraction);

class Schedule {
 public:
  Schedule(const Recipe& recipe, int64_t steps_per_epoch);

  bool timed() const { return budget_s_ > 0; }
  // `used_s`: of the time, by all sessions of the training together; without effect when there is no time.
  double rate(int64_t step, double used_s) const;
  // The part of the training that is over, 0 to 1.
  double done(int64_t step, double used_s) const;
  // Whether to end now: the rest of the time is needed for the last evaluation, which takes `eval_s`, and the report.
  bool over(double used_s, double eval_s) const;

 private:
  double learning_rate_, final_fraction_, budget_s_, warmup_fraction_;
  int64_t steps_, warmup_steps_;
};

// Which layers keep their weights while a net that began with weights from elsewhere learns something new. A new last
// layer sends large, random gradients at first, which would spoil the layers before it.
//
// Per node, in epoch 0, 1, ...: --freeze none, body (all but the last layer with weights), head-first (the body, for
// --head-epochs). Throws host::Error(Exit::usage) for another word.
std::vector<bool> frozen_nodes(const ir::Graph& graph, const Recipe& recipe, int epoch);

// Seconds since it was made or restarted.
class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }
  void restart() { start_ = Clock::now(); }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_ = Clock::now();
};

}  // namespace dimple::train
