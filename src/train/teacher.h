// A larger net that a small one learns from: it answers about the same pictures, and its answers are targets beside the
// labels. Any float model file whose classes include the data's, matched by name.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "nn/net.h"
#include "train/batches.h"
#include "train/config.h"

namespace dimple::train {

class Teacher {
 public:
  // One replica for each worker, as they ask at the same time. Throws host::Error(Exit::model) for a file that does not
  // fit the data.
  Teacher(const data::Dataset& set, const TrainConfig& config, torch::Device device, int workers);

  // Logits in the order of the set's classes; no gradient flows into them.
  torch::Tensor logits(int worker, const torch::Tensor& pictures);

  // Where pictures are never changed it need be asked once: answers to all `rows`, looked up from then on.
  void remember(const BatchMaker& maker, std::span<const int32_t> rows);
  bool remembers() const { return known_.defined(); }
  torch::Tensor recall(std::span<const int32_t> rows) const;

 private:
  const data::Dataset& set_;
  torch::Device device_;
  std::vector<nn::Net> nets_;
  torch::Tensor order_;  // for each class of the set, which output
  bool probabilities_ = false;
  torch::Tensor known_;  // rows of the set x classes
};

}  // namespace dimple::train
