#include "edit/sparsify.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "host/error.h"
#include "host/suggest.h"
#include "ir/packed_weight.h"
#include "ir/traits.h"
#include "ir/verify.h"

namespace dimple::edit {
namespace {

[[noreturn]] void refuse_pattern(const std::string& what, const std::string& hint = {}) {
  throw host::Error(host::Exit::usage, what, hint);
}

constexpr const char* kPatternHint = "for example 0.8 for four weights of five, 2:4 for two of each four that stay";

void check(const Pattern& p, const SparsifyOptions& options) {
  if (p.m == 0 && !(p.share >= 0 && p.share < 1))
    refuse_pattern(fmt::format("a share of weights is at least 0 and below 1, not {}", p.share), kPatternHint);
  if (p.m != 0 && (p.n < 1 || p.m <= p.n || p.m > 1024 || p.share != 0))
    refuse_pattern(fmt::format("{} of {} weights cannot stay", p.n, p.m), kPatternHint);
  if (p.m != 0 && options.global) refuse_pattern("a pattern of n:m has no ranking over all layers");
}

struct SparseLayer {
  const ir::Node* node = nullptr;
  ops::Dims dims;
  bool left_alone = false;

  std::string weight() const { return node->name + ".weight"; }
};

void leave_alone(const ir::Graph& graph, std::vector<SparseLayer>& layers, const SparsifyOptions& options) {
  std::vector<std::string> names;
  for (SparseLayer& layer : layers) {
    names.push_back(layer.node->name);
    const bool mixes = ir::channel_rule_of(layer.node->op) == ops::ChannelRule::weighted;
    layer.left_alone = std::ranges::count(options.leave, names.back()) > 0 || (!options.every_layer && !mixes) ||
                       ir::is_latent_sign(graph, *layer.node);
  }
  if (!options.every_layer && !layers.empty()) layers.front().left_alone = layers.back().left_alone = true;
  for (const std::string& name : options.leave)
    if (std::ranges::count(names, name) == 0)
      refuse_pattern(fmt::format("there is no layer {} to leave alone", name), host::did_you_mean(name, names));
}

void check(const ir::Graph& graph, const SparseLayer& layer, const Pattern& pattern) {
  const auto weight = graph.constants.find(layer.weight());
  if (weight == graph.constants.end()) refuse_pattern(layer.weight() + " is missing");
  if (weight->second.dtype != DType::f32)
    refuse_pattern(fmt::format("only float weights become sparse, and {} is {}", layer.weight(),
                               dimple::name_of(weight->second.dtype)));
  for (const float w : weight->second.as<float>())
    if (!std::isfinite(w))
      throw host::Error(host::Exit::model, fmt::format("{} holds what is no number", layer.weight()));
  if (pattern.m > 0 && !layer.left_alone && layer.dims.per_channel() % pattern.m != 0)
    refuse_pattern(fmt::format("layer {} has {} weights for each output channel, which are not rows of {}",
                               layer.node->name, layer.dims.per_channel(), pattern.m),
                   "another N:M divides them, or a share of the weights: 0.5");
}

std::vector<SparseLayer> layers_of(const ir::Graph& graph, const Pattern& pattern, const SparsifyOptions& options) {
  std::vector<SparseLayer> layers;
  for (const ir::Node& node : graph.nodes)
    if (ir::is_linear(node.op)) layers.push_back({&node, ir::parameters_of(graph, node).weight});
  leave_alone(graph, layers, options);
  for (const SparseLayer& layer : layers) check(graph, layer, pattern);
  return layers;
}

// The smallest of all these weights, so many as the share says.
void zero_share(std::span<const std::span<float>> weights, double share) {
  std::vector<float> sizes;
  for (const std::span<float> w : weights)
    for (const float v : w) sizes.push_back(std::fabs(v));
  const size_t zeros = static_cast<size_t>(share * static_cast<double>(sizes.size()) + 1e-6);
  if (zeros == 0) return;
  const auto last = sizes.begin() + static_cast<std::ptrdiff_t>(zeros - 1);
  std::ranges::nth_element(sizes, last);
  const float limit = *last;
  auto as_large = std::count(sizes.begin(), last + 1, limit);  // of those, the first leave
  for (const std::span<float> w : weights)
    for (float& v : w)
      if (std::fabs(v) < limit || (std::fabs(v) == limit && as_large-- > 0)) v = 0;
}

void zero_rows(std::span<float> weights, const ops::Dims& dims, const Pattern& p) {
  std::vector<float*> row(static_cast<size_t>(p.m));
  for (int64_t channel = 0; channel < dims.extent(ops::Axis::out); ++channel)
    for (int64_t from = 0; from < dims.per_channel(); from += p.m) {
      for (int64_t k = 0; k < p.m; ++k)
        row[static_cast<size_t>(k)] = &weights[static_cast<size_t>(dims.index_of(channel, from + k))];
      std::ranges::stable_sort(row, {}, [](const float* w) { return std::fabs(*w); });
      for (int k = 0; k < p.m - p.n; ++k) *row[static_cast<size_t>(k)] = 0;
    }
}

}  // namespace

Pattern parse_pattern(std::string_view text) {
  Pattern p;
  const char* const end = text.data() + text.size();
  const size_t colon = text.find(':');
  bool read = false;
  if (colon == std::string_view::npos) {
    const auto [at, error] = std::from_chars(text.data(), end, p.share);
    read = error == std::errc{} && at == end;
  } else {
    const char* const middle = text.data() + colon;
    const auto [n_end, n_error] = std::from_chars(text.data(), middle, p.n);
    const auto [m_end, m_error] = std::from_chars(middle + 1, end, p.m);
    read = n_error == std::errc{} && n_end == middle && m_error == std::errc{} && m_end == end && p.m != 0;
  }
  if (!read) refuse_pattern(fmt::format("cannot understand the pattern `{}`", text), kPatternHint);
  check(p, {});
  return p;
}

std::string print(const Pattern& p) { return p.m > 0 ? fmt::format("{}:{}", p.n, p.m) : fmt::format("{}", p.share); }

std::vector<LayerZeros> sparsify(ir::Graph& graph, const Pattern& pattern, const SparsifyOptions& options) {
  check(pattern, options);
  ir::verify(graph, ir::Constants::may_be_absent);
  const std::vector<SparseLayer> layers = layers_of(graph, pattern, options);
  std::vector<std::span<float>> together;
  for (const SparseLayer& layer : layers) {
    if (layer.left_alone) continue;
    const std::span<float> weights = graph.constants[layer.weight()].as<float>();
    if (pattern.m > 0)
      zero_rows(weights, layer.dims, pattern);
    else if (options.global)
      together.push_back(weights);
    else
      zero_share({&weights, 1}, pattern.share);
  }
  zero_share(together, pattern.share);

  std::vector<LayerZeros> report;
  for (const SparseLayer& layer : layers) {
    const std::span<const float> weights = std::as_const(graph.constants[layer.weight()]).as<float>();
    report.push_back(
        {layer.node->name, std::ranges::count(weights, 0.0f), static_cast<int64_t>(weights.size()), layer.left_alone});
  }
  return report;
}

}  // namespace dimple::edit
