// Answers of the averaged net on rows without augmentation, by all threads and, where asked for, all processes.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "nn/net.h"
#include "train/batches.h"
#include "train/team.h"
#include "train/train_state.h"

namespace dimple::train {

class Evaluator {
 public:
  // The set, the maker, the team and the state must outlive this.
  Evaluator(const ir::Graph& graph, const data::Dataset& set, const BatchMaker& maker, const Team& team,
            const TrainState& state);

  // N x classes probabilities. No other process takes part.
  std::vector<float> predict(std::span<const int32_t> rows);
  // The same, each process on its part of the rows. Every process must call it; all of them get all answers.
  std::vector<float> predict_together(std::span<const int32_t> rows);

 private:
  void predict_range(int worker, std::span<const int32_t> rows, const Range& range, float* scores);

  const data::Dataset& set_;
  const BatchMaker& maker_;
  const Team& team_;
  const TrainState& state_;
  std::vector<nn::Net> eval_nets_;  // one per worker, with the averaged weights
  std::vector<Batch> batches_;      // one per worker
};

}  // namespace dimple::train
