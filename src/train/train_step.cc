#include "train/train_step.h"

#include <algorithm>
#include <cmath>

#include "host/error.h"

namespace dimple::train {

Guard::Verdict Guard::judge(double loss, bool finite) {
  const bool exploded = explosion_ > 0 && usual_steps_ >= kMinUsualSteps && loss > explosion_ * usual_loss_;
  if (finite && !exploded) {
    bad_in_row_ = 0, ++good_in_row_;
    const double weight = 1.0 / static_cast<double>(std::min(++usual_steps_, kUsualWindow));
    usual_loss_ += weight * (loss - usual_loss_);
    return Verdict::fine;
  }
  good_in_row_ = 0;
  if (++bad_in_row_ < patience_ || patience_ <= 0) return Verdict::bad;
  bad_in_row_ = 0;
  return Verdict::roll_back;
}

TrainStep::TrainStep(const Recipe& recipe, BatchPass& pass, TrainState& state)
    : recipe_(recipe), pass_(pass), state_(state), guard_(recipe.rollback_after, recipe.explosion) {
  if (!state_.is_finite()) throw host::Error(host::Exit::model, "some of the weights to begin with are no numbers");
  state_.snapshot();
}

void TrainStep::resume(const Progress& progress) {
  pass_.set_statistics(state_.statistics());
  guard_.resume(progress.usual_loss, progress.usual_steps);
  if (state_.is_finite()) state_.snapshot();  // else the next step notices, and restores the snapshot from before
}

bool TrainStep::run(const BatchPass::Step& step, Progress& progress, const Say& on_trouble) {
  const auto pictures = static_cast<int64_t>(step.rows.size());
  const BatchPass::Sums sums = pass_.run(step);
  const double norm = sums.gradients.norm().item<double>();
  ++progress.step;
  const bool finite = std::isfinite(norm) && std::isfinite(sums.loss);
  const Guard::Verdict verdict = guard_.judge(sums.loss / static_cast<double>(pictures), finite);
  progress.usual_loss = guard_.usual_loss(), progress.usual_steps = guard_.usual_steps();
  if (!finite) ++progress.nan_skipped, pass_.set_statistics(state_.statistics());
  if (verdict == Guard::Verdict::roll_back || (!finite && recipe_.rollback_after > 0 && !state_.is_finite())) {
    roll_back(progress, on_trouble);
    return sums.stop_wanted;
  }
  if (!finite) return sums.stop_wanted;  // one bad batch must not cost the run
  if (recipe_.clip > 0 && norm > recipe_.clip) sums.gradients.mul_(recipe_.clip / norm);
  state_.step(sums.gradients, sums.statistics, progress.rate, progress.step);
  pass_.set_statistics(state_.statistics());
  if (verdict == Guard::Verdict::fine && guard_.wants_snapshot() && state_.is_finite()) state_.snapshot();
  progress.loss_sum += sums.loss, progress.hit_sum += sums.hits, progress.norm_sum += norm;
  progress.seen += pictures;
  return sums.stop_wanted;
}

void TrainStep::check_state(Progress& progress, const Say& on_trouble) {
  if (recipe_.rollback_after > 0 && !state_.is_finite()) roll_back(progress, on_trouble);
}

// The data goes on from here: the batches that did harm are not met again at once.
void TrainStep::roll_back(Progress& progress, const Say& on_trouble) {
  state_.restore_snapshot(progress.step - progress.nan_skipped);  // the steps that a resumed training would count
  pass_.set_statistics(state_.statistics());
  guard_.reset_counts();
  progress.rate_factor *= Guard::kRateAfterRollback;
  if (++progress.rollbacks > Guard::kMaxRollbacks)
    throw host::Error(
        host::Exit::failed,
        "the training comes to nothing: its loss went astray " + std::to_string(progress.rollbacks) + " times",
        "a lower --learning-rate or --clip may help");
  if (on_trouble)
    on_trouble("the loss went astray at step " + std::to_string(progress.step) +
               ": back to the last good weights, half the learning rate");
}

}  // namespace dimple::train
