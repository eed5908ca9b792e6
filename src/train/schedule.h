// How fast to learn at each step, and when to end: after so many steps, or so that the end falls within a time.
//
// With a time the cosine follows the share of the time that is used, so that the learning rate has come down when it is
// over, however fast the machine turned out to be. The price: such a training is not repeatable to the bit.
#pragma once
#include <cstdint>

#include "train/config.h"

namespace dimple::train {

// Cosine from 1 at the end of the warm-up to `final_share` at the last step; the warm-up rises linearly from 0.
double rate_share(int64_t step, int64_t steps, int64_t warmup_steps, double final_share);

class Schedule {
 public:
  Schedule(const TrainConfig& config, int64_t steps_per_epoch);

  bool timed() const { return budget_s_ > 0; }
  // `used_s`: of the time, all sessions of the training together; not looked at without a time.
  double rate(int64_t step, double used_s) const;
  // Whether to end now: what is left is needed to judge what was learned, which takes `judging_s`, and to write it
  // down.
  bool over(double used_s, double judging_s) const;

 private:
  double learning_rate_, final_share_, budget_s_, warmup_share_;
  int64_t steps_, warmup_steps_;
};

}  // namespace dimple::train
