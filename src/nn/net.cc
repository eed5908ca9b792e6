#include "nn/net.h"

#include <ATen/CPUGeneratorImpl.h>

#include <cmath>
#include <functional>
#include <numeric>

#include "ir/idle_bias.h"
#include "ir/packed_weight.h"
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

// The codes of a weight, as places in its flattened codebook, or signs; and scales, along the weight's first axis.
std::pair<torch::Tensor, torch::Tensor> fixed_of(const ir::Graph& graph, const ir::Node& node) {
  const ir::Tensor* const weight = graph.constant(node.name, "weight");
  if (!weight || !ir::is_packed(*weight)) return {};
  const std::vector<uint8_t> codes = ir::unpack_codes(*weight);
  torch::Tensor tensor = torch::tensor(std::vector<int64_t>(codes.begin(), codes.end())).view(weight->dims);
  if (weight->dtype == DType::b1) return {{}, tensor.to(torch::kFloat32) * 2 - 1};
  const ir::Tensor& book = *graph.constant(node.name, "codebook");
  const auto scale = graph.constant(node.name, "weight_scale")->as<float>();
  std::vector<int64_t> along_channels(weight->dims.size(), 1);
  along_channels[0] = weight->dims[0];
  const torch::Tensor group = torch::arange(weight->dims[0]) / (weight->dims[0] / book.dims[0]);
  tensor += group.floor().to(torch::kInt64).view(along_channels) * book.dims[1];
  return {torch::tensor(std::vector<float>(scale.begin(), scale.end())).view(along_channels), tensor};
}

}  // namespace

Net::Net(const ir::Graph& graph, torch::Device device, NetOptions options)
    : graph_(graph), device_(device), options_(std::move(options)) {
  ir::verify(graph_);
  options_.plan.frozen.resize(graph_.nodes.size(), false);
  plan_ = plan_steps(graph_, options_.plan);
  lay_out();
  bind();
}

// Of codes the codebook, of bits their scales; a constant of which only the first rows are learned (batch norm: gamma;
// mean; variance) is split into the two.
std::vector<Net::Piece> Net::pieces_of(size_t index, const std::vector<bool>& idle) {
  const ir::Node& node = graph_.nodes[index];
  std::vector<Piece> pieces;
  for (const ir::ParameterSpec& spec : ir::parameter_specs(node.op, ir::input_shapes(graph_, node))) {
    Piece piece{node.name + "." + std::string(spec.role), spec.dims, {0}};
    piece.role = spec.role == "bias" ? Role::bias : Role::weight;
    piece.idle = piece.role == Role::bias && idle[index];
    const ir::Tensor& constant = graph_.constants.at(piece.constant);
    if (constant.dtype == DType::b1) {
      piece = {node.name + ".weight_scale", {spec.dims[0]}, {0}};
      piece.role = Role::scale;
    } else if (ir::is_packed(constant)) {
      piece.constant = node.name + ".codebook";
      piece.learned_dims = graph_.constants.at(piece.constant).dims;
      piece.masked = options_.keep_zeros;
    } else if (piece.role == Role::weight) {
      piece.latent = ir::is_latent_sign(graph_, node);
      piece.masked = options_.keep_zeros && !piece.latent && ir::is_linear(node.op);
    }
    const int64_t all = product(spec.dims);
    if (spec.trainable < all) {
      const int64_t row = all / spec.dims[0];
      piece.learned_dims[0] = spec.trainable / row;
      piece.statistics_dims = spec.dims;
      piece.statistics_dims[0] -= piece.learned_dims[0];
    }
    pieces.push_back(std::move(piece));
    if (pieces.back().latent && options_.learn_sign_scales) {
      Piece scale{node.name + ".weight_scale", graph_.constants.at(node.name + ".weight_scale").dims, {0}};
      scale.role = Role::scale;
      pieces.push_back(std::move(scale));
    }
  }
  return pieces;
}

void Net::lay_out() {
  int64_t learned = 0, gathered = 0;
  const std::vector<bool> idle = ir::idle_biases(graph_);
  for (size_t i = 0; i < graph_.nodes.size(); ++i) {
    pieces_.push_back(pieces_of(i, idle));
    for (Piece& piece : pieces_.back()) {
      piece.learned_at = learned, piece.statistics_at = gathered;
      learned += product(piece.learned_dims);
      gathered += product(piece.statistics_dims);
    }
    auto [scale, codes] = fixed_of(graph_, graph_.nodes[i]);
    if (scale.defined()) scale = scale.to(device_);
    if (codes.defined()) codes = codes.to(device_);
    fixed_.push_back({scale, codes});
  }
  lay_out_ranges(learned);

  weights_ = torch::empty({learned});
  statistics_ = torch::empty({gathered});
  decayable_ = torch::zeros({learned});
  for (const auto& pieces : pieces_)
    for (const Piece& p : pieces) {
      const float* values = graph_.constants.at(p.constant).as<float>().data();
      const int64_t n = product(p.learned_dims), m = product(p.statistics_dims);
      std::copy_n(values, n, weights_.data_ptr<float>() + p.learned_at);
      std::copy_n(values + n, m, statistics_.data_ptr<float>() + p.statistics_at);
      const bool is_codebook = p.constant.ends_with(".codebook");
      if (p.learned_dims.size() > 1 && m == 0 && !p.latent && !is_codebook)
        decayable_.narrow(0, p.learned_at, n).fill_(1);
    }
  for (size_t i = 0; i < ranges_.size(); ++i)
    weights_[ranges_at_ + static_cast<int64_t>(i)] = std::log(graph_.type_of(ranges_[i]).scale);
  weights_ = weights_.to(device_), statistics_ = statistics_.to(device_), decayable_ = decayable_.to(device_);
  clip();
}

// The input's codes are those of the pictures.
void Net::lay_out_ranges(int64_t& learned) {
  for (ir::Value v = 1; v <= graph_.output(); ++v)
    if (graph_.type_of(v).has_codes() && range_of(graph_, v) == v) ranges_.push_back(v);
  ranges_at_ = learned;
  learned += static_cast<int64_t>(ranges_.size());
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
    parameters.scale = fixed_[i].scale, parameters.codes = fixed_[i].codes;
    for (const Piece& p : pieces_[i]) {
      const bool learns = !options_.plan.frozen[i] && !p.idle;
      torch::Tensor leaf = part(weights_, p.learned_at, p.learned_dims).detach();
      if (learns) {
        torch::Tensor trained = trained_.narrow(0, p.learned_at, product(p.learned_dims));
        if (p.masked)
          trained.copy_(leaf.flatten() != 0);
        else
          trained.fill_(1);
      }
      leaf.requires_grad_(learns);
      leaf.mutable_grad() = part(gradients_, p.learned_at, p.learned_dims);
      if (p.role == Role::scale)
        parameters.scale = leaf;
      else
        (p.role == Role::bias ? parameters.bias : parameters.weight) = leaf;
      if (product(p.statistics_dims) > 0) parameters.statistics = part(statistics_, p.statistics_at, p.statistics_dims);
    }
    parameters_.push_back(std::move(parameters));
  }
  bind_ranges();
  decayed_ = decayable_ * trained_;
}

void Net::bind_ranges() {
  const auto count = static_cast<int64_t>(ranges_.size());
  log_scales_ = part(weights_, ranges_at_, {count}).detach();
  if (count == 0 || !options_.learn_ranges) return;
  trained_.narrow(0, ranges_at_, count).fill_(1);
  log_scales_.requires_grad_(true);
  log_scales_.mutable_grad() = part(gradients_, ranges_at_, {count});
}

// By value. Logarithms are learned: a step then changes small and large scales alike, and none comes below zero.
std::vector<torch::Tensor> Net::scales() const {
  std::vector<torch::Tensor> scales(graph_.nodes.size() + 1);
  if (graph_.input.has_codes()) scales[0] = torch::tensor(graph_.input.scale).to(device_);
  if (ranges_.empty()) return scales;
  const std::vector<torch::Tensor> each = log_scales_.exp().unbind();
  for (size_t i = 0; i < ranges_.size(); ++i) scales[static_cast<size_t>(ranges_[i])] = each[i];
  return scales;
}

void Net::clip() const {
  const torch::NoGradGuard no_grad;
  for (const auto& pieces : pieces_)
    for (const Piece& p : pieces) {
      if (p.latent) weights_.narrow(0, p.learned_at, product(p.learned_dims)).clamp_(-1, 1);
      if (p.role == Role::scale) weights_.narrow(0, p.learned_at, product(p.learned_dims)).clamp_min_(1e-8);
    }
}

void Net::take_zeros(const ir::Graph& graph) {
  const torch::NoGradGuard no_grad;
  for (const auto& pieces : pieces_)
    for (const Piece& p : pieces) {
      if (!p.masked) continue;
      const auto values = graph.constants.at(p.constant).as<float>();
      const torch::Tensor from =
          torch::from_blob(const_cast<float*>(values.data()), {static_cast<int64_t>(values.size())});
      weights_.narrow(0, p.learned_at, product(p.learned_dims)).masked_fill_((from == 0).to(device_), 0);
    }
  const at::Generator random = random_;
  bind();
  random_ = random;
}

void Net::freeze(const std::vector<bool>& nodes) {
  if (nodes == options_.plan.frozen) return;
  options_.plan.frozen = nodes;
  plan_ = plan_steps(graph_, options_.plan);
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
  PlanOptions options = options_.plan;
  options.fuse = false;
  return run_plan(plan_steps(graph_, options), {parameters_, scales(), training, &random_}, x);
}

torch::Tensor Net::forward(torch::Tensor x, bool training) {
  return run_plan(plan_, {parameters_, scales(), training, &random_}, x).back().flatten(1);
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
  for (const ir::Node& node : graph.nodes)
    if (!options_.learn_sign_scales && ir::is_latent_sign(graph, node))
      graph.constants[node.name + ".weight_scale"] =
          ir::mean_sizes(*graph.constant(node.name, "weight"), ir::parameters_of(graph, node).weight);
  for (size_t i = 0; i < ranges_.size() && options_.learn_ranges; ++i)
    graph.nodes[static_cast<size_t>(ranges_[i] - 1)].type.scale =
        std::exp(learned.data_ptr<float>()[ranges_at_ + static_cast<int64_t>(i)]);
  for (size_t i = 0; i < graph.nodes.size(); ++i)
    if (const ir::Value range = range_of(graph, static_cast<ir::Value>(i + 1)); graph.nodes[i].type.has_codes())
      graph.nodes[i].type.scale = graph.type_of(range).scale;
  return graph;
}

}  // namespace dimple::nn
