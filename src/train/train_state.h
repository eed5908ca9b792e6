// All tensors that a training changes: the weights, the batch norm statistics, the moving averages of both, and the
// optimiser's moments. They are checked, saved and restored together.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ir/graph.h"
#include "nn/net.h"
#include "train/recipe.h"

namespace dimple::train {

// Over one flat tensor of weights: a step is a few long vector operations, and the whole state is one tensor, a row for
// each moment.
class Optimiser {
 public:
  virtual ~Optimiser() = default;
  // `decayed` is 1 where weight decay applies.
  virtual void step(torch::Tensor& weights, const torch::Tensor& gradients, const torch::Tensor& decayed,
                    double rate) = 0;
  // What a resumed training needs.
  const torch::Tensor& state() const { return state_; }
  void set_state(const torch::Tensor& state, int64_t steps) { state_.copy_(state), steps_ = steps; }

 protected:
  Optimiser(const torch::Tensor& weights, int64_t moments, double decay)
      : state_(torch::zeros({moments, weights.numel()}, weights.options())), decay_(decay) {}
  torch::Tensor state_;
  double decay_;
  int64_t steps_ = 0;
};

// "adamw" (0.9, 0.999, decoupled decay) or "sgd" (Nesterov momentum 0.9); throws host::Error(Exit::usage) for others.
std::unique_ptr<Optimiser> make_optimiser(const std::string& name, const torch::Tensor& weights, double weight_decay);

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

  // Where the weights are zero, the averages and the optimiser forget what was there.
  void forget_zeros();

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
