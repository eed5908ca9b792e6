#include "train/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "host/duration.h"
#include "host/error.h"
#include "host/suggest.h"
#include "ir/semantics.h"

namespace dimple::train {
namespace {

constexpr int64_t kTicks = 1'000'000;  // a fraction of the time as steps, so that both kinds share one formula

}  // namespace

double rate_fraction(int64_t step, int64_t steps, int64_t warmup_steps, double final_fraction) {
  if (step < warmup_steps) return static_cast<double>(step + 1) / static_cast<double>(warmup_steps);
  const double done =
      static_cast<double>(step - warmup_steps) / static_cast<double>(std::max<int64_t>(1, steps - warmup_steps));
  return final_fraction + (1 - final_fraction) * 0.5 * (1 + std::cos(std::numbers::pi * std::min(1.0, done)));
}

Schedule::Schedule(const Recipe& recipe, int64_t steps_per_epoch)
    : learning_rate_(recipe.learning_rate),
      final_fraction_(recipe.final_rate),
      budget_s_(recipe.time.empty() ? 0 : host::parse_duration(recipe.time, "--time")),
      // How many epochs the time will hold is unknown: the warm-up's fraction of the planned ones, at most a tenth.
      warmup_fraction_(std::min(0.1, static_cast<double>(recipe.warmup_epochs) / std::max(1, recipe.epochs))),
      steps_(steps_per_epoch * recipe.epochs),
      warmup_steps_(
          static_cast<int64_t>(static_cast<double>(recipe.warmup_epochs) * static_cast<double>(steps_per_epoch))) {}

double Schedule::rate(int64_t step, double used_s) const {
  if (!timed()) return learning_rate_ * rate_fraction(step, steps_, warmup_steps_, final_fraction_);
  const auto tick = static_cast<int64_t>(std::min(1.0, used_s / budget_s_) * kTicks);
  return learning_rate_ * rate_fraction(tick, kTicks, static_cast<int64_t>(warmup_fraction_ * kTicks), final_fraction_);
}

double Schedule::done(int64_t step, double used_s) const {
  const double all = timed() ? budget_s_ : static_cast<double>(std::max<int64_t>(1, steps_));
  return std::min(1.0, (timed() ? used_s : static_cast<double>(step)) / all);
}

// Two evaluations: one closes the last epoch, one makes the tables and pictures of the run folder.
bool Schedule::over(double used_s, double eval_s) const {
  return timed() && used_s + 2.2 * eval_s + 0.01 * budget_s_ >= budget_s_;
}

std::vector<bool> frozen_nodes(const ir::Graph& graph, const Recipe& recipe, int epoch) {
  const bool known = recipe.freeze == "none" || recipe.freeze == "body" || recipe.freeze == "head-first";
  if (!known)
    throw host::Error(host::Exit::usage, "--freeze: there is no `" + recipe.freeze + "`",
                      host::did_you_mean(recipe.freeze, {"none", "body", "head-first"}));
  const bool body = recipe.freeze == "body" || (recipe.freeze == "head-first" && epoch < recipe.head_epochs);
  std::vector<bool> frozen(graph.nodes.size(), body);
  for (size_t i = graph.nodes.size(); i-- > 0;) {
    frozen[i] = false;
    if (!ir::parameter_specs(graph.nodes[i].op, ir::input_shapes(graph, graph.nodes[i])).empty()) break;
  }
  return frozen;
}

}  // namespace dimple::train
