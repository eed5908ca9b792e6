// All tensors that a training changes: the weights, the batch norm statistics, the moving averages of both, and the
// optimiser's moments. They are checked, saved and restored together.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ir/graph.h"
#include "nn/net.h"
#include "train/optimiser.h"
#include "train/recipe.h"

namespace dimple::train {

class TrainState {
 public:
  // Changes the weights of the net, which its replicas share; the net must outlive this.
  TrainState(const nn::Net& net, const Recipe& recipe);

  // An optimiser step, and the averages after it. `steps` counts all steps so far; a young average follows closely, so
  // that it forgets where training began.
  void step(const torch::Tensor& gradients, const torch::Tensor& statistics, double rate, int64_t steps);

  const torch::Tensor& statistics() const { return statistics_; }  // mean of all shares after the last good step
  const torch::Tensor& average() const { return average_; }
  const torch::Tensor& average_statistics() const { return average_statistics_; }

  bool is_finite() const;
  // One snapshot is kept in memory. `optimiser_steps`: the steps that the optimiser has taken until now.
  void snapshot();
  void restore_snapshot(int64_t optimiser_steps);

  // As a checkpoint holds it. `shares`: their number is part of the checkpoint's shapes.
  std::map<std::string, ir::Tensor> to_checkpoint(int shares) const;
  // Throws host::Error(Exit::model) when the checkpoint is of another net or number of shares.
  void from_checkpoint(const std::map<std::string, ir::Tensor>& state, int shares, int64_t optimiser_steps);

  ir::Graph latest() const { return net_.to_graph(net_.weights(), statistics_); }
  ir::Graph averaged() const { return net_.to_graph(average_, average_statistics_); }

 private:
  std::vector<torch::Tensor> tensors() const;  // handles, to be read or changed in place

  const nn::Net& net_;
  double ema_;
  std::unique_ptr<Optimiser> optimiser_;
  torch::Tensor statistics_, average_, average_statistics_;
  std::vector<torch::Tensor> snapshot_;  // of tensors()
};

}  // namespace dimple::train
