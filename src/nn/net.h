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

struct NetOptions {
  PlanOptions plan = {};
  bool learn_ranges = false;       // of values that are rounded to codes; else they stay as the graph says
  bool learn_sign_scales = false;  // else the scale of signs is the mean of |latent weight|
  bool keep_zeros = false;         // weights that are zero stay zero
};

class Net {
 public:
  // Takes structure and constants from the graph; absent constants are an error (ir::initialise first). Weights are f32,
  // or of few bits (ir/packed_weight.h): of codes the codebook is learned, of bits their scales.
  explicit Net(const ir::Graph&, torch::Device device = torch::kCPU, NetOptions options = {});

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

  // To be called when the weights have changed: brings latent signs back between -1 and 1, beyond which they would learn
  // nothing any more.
  void clip() const;
  // Takes over which weights of the graph are zero: with keep_zeros they stay so.
  void take_zeros(const ir::Graph&);

  // Which layers stand still, by node: they get no gradients, and their batch norms keep (and use) what they gathered.
  void freeze(const std::vector<bool>& nodes);

  const ir::Graph& graph() const { return graph_; }
  // A copy of the graph whose constants are these flat tensors (an average of weights, say) or the net's own.
  ir::Graph to_graph(const torch::Tensor& weights, const torch::Tensor& statistics) const;
  ir::Graph to_graph() const { return to_graph(weights_, statistics_); }

 private:
  enum class Role { weight, bias, scale };
  struct Piece {  // a constant, and where it lies in the flat tensors
    std::string constant;
    std::vector<int64_t> learned_dims, statistics_dims;
    int64_t learned_at = 0, statistics_at = 0;
    Role role = Role::weight;
    bool idle = false;    // a bias that a batch norm takes away
    bool latent = false;  // a weight that counts by its sign
    bool masked = false;  // a weight whose zeros can be kept
  };
  // What stands still, by node.
  struct Fixed {
    torch::Tensor scale, codes;
  };
  void lay_out();
  std::vector<Piece> pieces_of(size_t node, const std::vector<bool>& idle);
  void lay_out_ranges(int64_t& learned);
  void bind();
  void bind_ranges();
  std::vector<torch::Tensor> scales() const;

  ir::Graph graph_;
  torch::Device device_;
  NetOptions options_;
  Plan plan_;
  std::vector<std::vector<Piece>> pieces_;  // per node
  std::vector<Fixed> fixed_;                // per node
  std::vector<Parameters> parameters_;      // per node
  std::vector<ir::Value> ranges_;  // values with a scale of their own, whose logarithms are in the flat tensors
  int64_t ranges_at_ = 0;
  torch::Tensor log_scales_;
  torch::Tensor weights_, gradients_, statistics_, decayable_, decayed_, trained_;
  at::Generator random_;
};

}  // namespace dimple::nn
