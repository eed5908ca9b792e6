// One step of a training: the gradients of a batch, what the guard thinks of them, and then a step of the optimiser, or
// none, or a roll-back to the last snapshot.
#pragma once
#include <functional>
#include <string>

#include "train/batch_pass.h"
#include "train/guard.h"
#include "train/progress.h"
#include "train/train_state.h"

namespace dimple::train {

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
