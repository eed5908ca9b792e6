#include "nn/net.h"

#include <ATen/CPUGeneratorImpl.h>

#include <functional>
#include <numeric>

#include "ir/idle_bias.h"
#include "ir/semantics.h"
#include "ir/verify.h"

namespace dimple::nn {
namespace {

int64_t product(const std::vector<int64_t>& dims) {
  return std::accumulate(dims.begin(), dims.end(), int64_t{1}, std::multiplies<>());
}

torch::Tensor part(const torch::Tensor& flat, int64_t at, const std::vector<int64_t>& dims) {
  return flat.narrow(0, at, product(dims)).view(dims);
}

}  // namespace

Net::Net(const ir::Graph& graph, torch::Device device, PlanOptions options)
    : graph_(graph), device_(device), options_(std::move(options)) {
  ir::verify(graph_);
  options_.frozen.resize(graph_.nodes.size(), false);
  plan_ = plan_steps(graph_, options_);
  lay_out();
  bind();
}

// A constant of which only the first rows are learned (batch norm: gamma; mean; variance) is split into the two.
void Net::lay_out() {
  int64_t learned = 0, gathered = 0;
  const std::vector<bool> idle = ir::idle_biases(graph_);
  for (const ir::Node& node : graph_.nodes) {
    std::vector<Piece> pieces;
    for (const ir::ParameterSpec& spec : ir::parameter_specs(node.op, ir::input_shapes(graph_, node))) {
      Piece piece{node.name + "." + std::string(spec.role), spec.dims, {0}, learned, gathered};
      piece.idle = spec.role == "bias" && idle[pieces_.size()];
      const int64_t all = product(spec.dims);
      if (spec.trainable < all) {
        const int64_t row = all / spec.dims[0];
        piece.learned_dims[0] = spec.trainable / row;
        piece.statistics_dims = spec.dims;
        piece.statistics_dims[0] -= piece.learned_dims[0];
      }
      learned += product(piece.learned_dims);
      gathered += product(piece.statistics_dims);
      pieces.push_back(std::move(piece));
    }
    pieces_.push_back(std::move(pieces));
  }

  weights_ = torch::empty({learned});
  statistics_ = torch::empty({gathered});
  decayable_ = torch::zeros({learned});
  for (const auto& pieces : pieces_)
    for (const Piece& p : pieces) {
      const float* values = graph_.constants.at(p.constant).as<float>().data();
      const int64_t n = product(p.learned_dims), m = product(p.statistics_dims);
      std::copy_n(values, n, weights_.data_ptr<float>() + p.learned_at);
      std::copy_n(values + n, m, statistics_.data_ptr<float>() + p.statistics_at);
      if (p.learned_dims.size() > 1 && m == 0) decayable_.narrow(0, p.learned_at, n).fill_(1);
    }
  weights_ = weights_.to(device_), statistics_ = statistics_.to(device_), decayable_ = decayable_.to(device_);
}

// Leaves that look into the flat tensors; their gradients are given beforehand, so that autograd adds into the flat
// one.
void Net::bind() {
  gradients_ = torch::zeros_like(weights_);
  trained_ = torch::zeros_like(weights_);
  random_ = at::make_generator<at::CPUGeneratorImpl>(uint64_t{0});
  parameters_.clear();
  for (size_t i = 0; i < pieces_.size(); ++i) {
    Parameters parameters;
    for (const Piece& p : pieces_[i]) {
      const bool learns = !options_.frozen[i] && !p.idle;
      if (learns) trained_.narrow(0, p.learned_at, product(p.learned_dims)).fill_(1);
      torch::Tensor leaf = part(weights_, p.learned_at, p.learned_dims).detach();
      leaf.requires_grad_(learns);
      leaf.mutable_grad() = part(gradients_, p.learned_at, p.learned_dims);
      (p.constant.ends_with(".bias") ? parameters.bias : parameters.weight) = leaf;
      if (product(p.statistics_dims) > 0) parameters.statistics = part(statistics_, p.statistics_at, p.statistics_dims);
    }
    parameters_.push_back(std::move(parameters));
  }
  decayed_ = decayable_ * trained_;
}

void Net::freeze(const std::vector<bool>& nodes) {
  if (nodes == options_.frozen) return;
  options_.frozen = nodes;
  plan_ = plan_steps(graph_, options_);
  const at::Generator random = random_;  // binding anew must not begin chance anew
  bind();
  random_ = random;
}

void Net::seed(uint64_t seed) { random_.set_current_seed(seed); }

Net Net::replica() const {
  Net copy = *this;
  copy.statistics_ = statistics_.clone();
  copy.bind();
  return copy;
}

std::vector<torch::Tensor> Net::forward_all(torch::Tensor x, bool training) {
  PlanOptions options = options_;
  options.fuse = false;
  return run_plan(plan_steps(graph_, options), {parameters_, training, &random_}, x);
}

torch::Tensor Net::forward(torch::Tensor x, bool training) {
  return run_plan(plan_, {parameters_, training, &random_}, x).back().flatten(1);
}

ir::Graph Net::to_graph(const torch::Tensor& weights, const torch::Tensor& statistics) const {
  ir::Graph graph = graph_;
  const torch::Tensor learned = weights.detach().cpu().contiguous(), gathered = statistics.detach().cpu().contiguous();
  for (const auto& pieces : pieces_)
    for (const Piece& p : pieces) {
      const auto values = graph.constants.at(p.constant).as<float>();
      const int64_t n = product(p.learned_dims), m = product(p.statistics_dims);
      std::copy_n(learned.data_ptr<float>() + p.learned_at, n, values.data());
      std::copy_n(gathered.data_ptr<float>() + p.statistics_at, m, values.data() + n);
    }
  return graph;
}

}  // namespace dimple::nn
