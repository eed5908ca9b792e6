// One step of a training: the gradients of a batch, what the guard thinks of them, and then a step of the optimiser, or
// none, or a roll-back to the last snapshot.
#pragma once
#include <cstdint>
#include <functional>
#include <string>

#include "train/batch_pass.h"
#include "train/train_state.h"
#include "train/trainer.h"

namespace dimple::train {

// Watches the loss for divergence. One bad step (its loss is not finite, or many times the usual loss) does no harm;
// after several in a row the weights are worth less than those of an earlier snapshot.
class Guard {
 public:
  enum class Verdict { fine, bad, roll_back };

  // `patience`: this many bad steps in a row call for a roll-back; 0: never. `explosion`: a loss of this many times the
  // usual one is bad; 0: only one that is not finite.
  Guard(int patience, double explosion) : patience_(patience), explosion_(explosion) {}

  Verdict judge(double loss, bool finite);
  // After a fine step: whether a snapshot is due, once in so many fine steps in a row.
  bool wants_snapshot() const { return good_in_row_ > 0 && good_in_row_ % kSnapshotEvery == 0; }
  void reset_counts() { bad_in_row_ = good_in_row_ = 0; }
  bool is_calm() const { return patience_ <= 0 || bad_in_row_ == 0; }  // no roll-back is near

  // The usual loss is a moving average over fine steps. It and their number are what a resumed training continues with.
  double usual_loss() const { return usual_loss_; }
  int64_t usual_steps() const { return usual_steps_; }
  void resume(double usual_loss, int64_t usual_steps) { usual_loss_ = usual_loss, usual_steps_ = usual_steps; }

  static constexpr int kSnapshotEvery = 50;
  static constexpr int kMaxRollbacks = 10;           // the training is given up after so many
  static constexpr double kRateAfterRollback = 0.5;  // as a fraction of the learning rate before

 private:
  static constexpr int64_t kMinUsualSteps = 20;  // fewer make no usual loss
  static constexpr int64_t kUsualWindow = 50;    // steps that the average remembers

  int patience_;
  double explosion_;
  double usual_loss_ = 0;
  int64_t usual_steps_ = 0;
  int bad_in_row_ = 0, good_in_row_ = 0;
};

using Say = std::function<void(const std::string&)>;  // may be empty

class TrainStep {
 public:
  // All of them must outlive this. Takes the first snapshot; throws host::Error(Exit::model) for weights that are not
  // finite.
  TrainStep(const Recipe& recipe, BatchPass& pass, TrainState& state);

  // Counts the step in `progress`. Whether any process wants to stop.
  bool run(const BatchPass::Step& step, Progress& progress, const Say& on_trouble);
  // At the end of an epoch: batch norm's averages have no part in the loss, but in every answer.
  void check_state(Progress& progress, const Say& on_trouble);
  // After the state was restored from a checkpoint with this progress.
  void resume(const Progress& progress);

  bool is_calm() const { return guard_.is_calm(); }  // no bad step among the last ones

 private:
  void roll_back(Progress& progress, const Say& on_trouble);

  const Recipe& recipe_;
  BatchPass& pass_;
  TrainState& state_;
  Guard guard_;
};

}  // namespace dimple::train
