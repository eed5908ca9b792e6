// Answers of nets on rows without augmentation; those of a training's averaged net by all threads and, where asked for,
// all processes.
#pragma once
#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "nn/net.h"
#include "train/batches.h"
#include "train/team.h"
#include "train/train_state.h"

namespace dimple::train {

// A batch as the tensor that a net reads: N x C x H x W on the device; on a processor a view of the batch's pictures.
torch::Tensor to_input(const Batch& batch, const data::Dataset& set, torch::Device device);

// Rows as a net reads them, some at a time: each(tensor, where they begin among the rows).
template <class Each>
void for_chunks(const BatchMaker& maker, std::span<const int32_t> rows, torch::Device device, const Each& each) {
  constexpr size_t kChunk = 128;
  Batch batch;
  for (size_t at = 0; at < rows.size(); at += kChunk) {
    maker.make_plain(rows.subspan(at, std::min(kChunk, rows.size() - at)), batch);
    each(to_input(batch, maker.set(), device), at);
  }
}

// Probabilities, rows.size() x outputs.
std::vector<float> predict(nn::Net& net, const BatchMaker& maker, std::span<const int32_t> rows, torch::Device device);

class Evaluator {
 public:
  // The maker, the team and the state must outlive this.
  Evaluator(const ir::Graph& graph, const BatchMaker& maker, const Team& team, const TrainState& state);

  // N x classes probabilities. Each process works on its part of the rows; all must call it, and get all answers.
  std::vector<float> predict(std::span<const int32_t> rows);

 private:
  std::vector<float> predict_alone(std::span<const int32_t> rows);

  const BatchMaker& maker_;
  const Team& team_;
  const TrainState& state_;
  std::vector<nn::Net> eval_nets_;  // one per worker, with the averaged weights
};

}  // namespace dimple::train
