#include "train/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "host/duration.h"

namespace dimple::train {
namespace {

constexpr int64_t kTicks = 1'000'000;  // a time's share as steps, so that both kinds go through one formula

}  // namespace

double rate_share(int64_t step, int64_t steps, int64_t warmup_steps, double final_share) {
  if (step < warmup_steps) return static_cast<double>(step + 1) / static_cast<double>(warmup_steps);
  const double done =
      static_cast<double>(step - warmup_steps) / static_cast<double>(std::max<int64_t>(1, steps - warmup_steps));
  return final_share + (1 - final_share) * 0.5 * (1 + std::cos(std::numbers::pi * std::min(1.0, done)));
}

Schedule::Schedule(const TrainConfig& config, int64_t steps_per_epoch)
    : learning_rate_(config.learning_rate),
      final_share_(config.final_rate),
      budget_s_(config.time.empty() ? 0 : host::parse_duration(config.time, "--time")),
      // Nobody knows how many epochs the time will hold: the warm-up's share of the planned ones, at most a tenth.
      warmup_share_(std::min(0.1, static_cast<double>(config.warmup_epochs) / std::max(1, config.epochs))),
      steps_(steps_per_epoch * config.epochs),
      warmup_steps_(
          static_cast<int64_t>(static_cast<double>(config.warmup_epochs) * static_cast<double>(steps_per_epoch))) {}

double Schedule::rate(int64_t step, double used_s) const {
  if (!timed()) return learning_rate_ * rate_share(step, steps_, warmup_steps_, final_share_);
  const auto tick = static_cast<int64_t>(std::min(1.0, used_s / budget_s_) * kTicks);
  return learning_rate_ * rate_share(tick, kTicks, static_cast<int64_t>(warmup_share_ * kTicks), final_share_);
}

// Judged once to close the last epoch and once more for the tables and pictures of the run folder.
bool Schedule::over(double used_s, double judging_s) const {
  return timed() && used_s + 2.2 * judging_s + 0.01 * budget_s_ >= budget_s_;
}

}  // namespace dimple::train
