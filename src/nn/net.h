// A graph that can be trained: the differentiable executor. Weights lie in one flat tensor, so that an optimiser, an
// average of weights or a checkpoint is a handful of long vector operations; what runs is a plan (nn/plan.h).
#pragma once
#include <string>
#include <vector>

#include "ir/graph.h"
#include "nn/plan.h"
#include "nn/run_plan.h"
#include "nn/torch.h"

namespace dimple::nn {

class Net {
 public:
  // Takes structure and constants (f32) from the graph; absent constants are an error (ir::initialise first).
  explicit Net(const ir::Graph&, torch::Device device = torch::kCPU, PlanOptions options = {});

  // What the next training pass leaves to chance (dropout) follows from this alone.
  void seed(uint64_t seed);

  // The same weights in memory, but gradients and batch statistics of its own: for a thread that works beside others.
  Net replica() const;

  // x: N x C x H x W. Returns N x outputs.
  torch::Tensor forward(torch::Tensor x, bool training);
  // Every value, as ir::evaluate numbers them (for comparisons).
  std::vector<torch::Tensor> forward_all(torch::Tensor x, bool training);

  // Handles of flat tensors, to be changed in place.
  torch::Tensor weights() const { return weights_; }        // shared between replicas
  torch::Tensor gradients() const { return gradients_; }    // own
  torch::Tensor statistics() const { return statistics_; }  // own: batch-norm means and variances
  // 1 where weight decay applies: not on biases and norms, nor where nothing is learned.
  torch::Tensor decayed() const { return decayed_; }
  // 1 where weights are learned: not in frozen layers, and not biases that a batch norm takes away.
  torch::Tensor trained() const { return trained_; }

  // Which layers stand still, by node: they get no gradients, and their batch norms keep (and use) what they gathered.
  void freeze(const std::vector<bool>& nodes);

  const ir::Graph& graph() const { return graph_; }
  // A copy of the graph whose constants are these flat tensors (an average of weights, say) or the net's own.
  ir::Graph to_graph(const torch::Tensor& weights, const torch::Tensor& statistics) const;
  ir::Graph to_graph() const { return to_graph(weights_, statistics_); }

 private:
  struct Piece {  // a constant, and where it lies in the flat tensors
    std::string constant;
    std::vector<int64_t> learned_dims, statistics_dims;
    int64_t learned_at = 0, statistics_at = 0;
    bool idle = false;  // a bias that a batch norm takes away
  };
  void lay_out();
  void bind();

  ir::Graph graph_;
  torch::Device device_;
  PlanOptions options_;
  Plan plan_;
  std::vector<std::vector<Piece>> pieces_;  // per node
  std::vector<Parameters> parameters_;      // per node
  torch::Tensor weights_, gradients_, statistics_, decayable_, decayed_, trained_;
  at::Generator random_;
};

}  // namespace dimple::nn
