#include "edit/inherit.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <vector>

namespace dimple::edit {
namespace {

// One input channel's part of a convolution's weight, as a matrix of outputs by taps.
struct Part {
  const float* weight;
  int64_t outs, taps, ins, channel;
  double at(int64_t out, int64_t tap) const { return static_cast<double>(weight[(out * taps + tap) * ins + channel]); }
};

// Its first singular pair, by power iteration: a window of length 1, and what each output takes of it.
void first_pair(const Part& part, std::vector<double>& window, std::vector<double>& points) {
  constexpr int kRounds = 12;
  int64_t longest = 0;
  double most = -1;
  for (int64_t o = 0; o < part.outs; ++o) {
    double length = 0;
    for (int64_t t = 0; t < part.taps; ++t) length += part.at(o, t) * part.at(o, t);
    if (length > most) longest = o, most = length;
  }
  if (most <= 0) return;  // nothing reads the channel
  for (int64_t t = 0; t < part.taps; ++t) window[static_cast<size_t>(t)] = part.at(longest, t) / std::sqrt(most);
  for (int round = 0; round <= kRounds; ++round) {
    for (int64_t o = 0; o < part.outs; ++o) {
      points[static_cast<size_t>(o)] = 0;
      for (int64_t t = 0; t < part.taps; ++t)
        points[static_cast<size_t>(o)] += part.at(o, t) * window[static_cast<size_t>(t)];
    }
    std::vector<double> next(window.size());
    for (int64_t t = 0; t < part.taps; ++t)
      for (int64_t o = 0; o < part.outs; ++o)
        next[static_cast<size_t>(t)] += part.at(o, t) * points[static_cast<size_t>(o)];
    const double length = std::sqrt(std::inner_product(next.begin(), next.end(), next.begin(), 0.0));
    if (round == kRounds) return;
    for (size_t t = 0; t < next.size(); ++t) window[t] = next[t] / length;
  }
}

}  // namespace

ir::Tensor without_ring(const ir::Tensor& weight, size_t row_axis) {
  std::vector<int64_t> to = weight.dims;
  to[row_axis] -= 2, to[row_axis + 1] -= 2;
  const auto product = [&](size_t first, size_t last) {
    return std::accumulate(weight.dims.begin() + static_cast<std::ptrdiff_t>(first),
                           weight.dims.begin() + static_cast<std::ptrdiff_t>(last), int64_t{1}, std::multiplies<>());
  };
  const int64_t outer = product(0, row_axis), inner = product(row_axis + 2, weight.dims.size());
  const int64_t rows = weight.dims[row_axis], columns = weight.dims[row_axis + 1];
  const auto from = weight.as<float>();
  std::vector<float> kept;
  for (int64_t o = 0; o < outer; ++o)
    for (int64_t r = 1; r < rows - 1; ++r)
      for (int64_t c = 1; c < columns - 1; ++c)
        for (int64_t i = 0; i < inner; ++i)
          kept.push_back(from[static_cast<size_t>(((o * rows + r) * columns + c) * inner + i)]);
  return ir::make_tensor(DType::f32, to, kept);
}

Separated separated(const ir::Tensor& weight) {
  const int64_t outs = weight.dims[0], taps = weight.dims[1] * weight.dims[2], ins = weight.dims[3];
  std::vector<float> windows(static_cast<size_t>(taps * ins)), points(static_cast<size_t>(outs * ins));
  // A new window's usual length, so that what is learned behind it meets numbers of the usual size.
  const double length = std::sqrt(static_cast<double>(taps)) / 2;
  for (int64_t i = 0; i < ins; ++i) {
    std::vector<double> window(static_cast<size_t>(taps)), taken(static_cast<size_t>(outs));
    first_pair({weight.as<float>().data(), outs, taps, ins, i}, window, taken);
    for (int64_t t = 0; t < taps; ++t)
      windows[static_cast<size_t>(t * ins + i)] = static_cast<float>(window[static_cast<size_t>(t)] * length);
    for (int64_t o = 0; o < outs; ++o)
      points[static_cast<size_t>(o * ins + i)] = static_cast<float>(taken[static_cast<size_t>(o)] / length);
  }
  return {ir::make_tensor(DType::f32, {weight.dims[1], weight.dims[2], ins}, windows),
          ir::make_tensor(DType::f32, {outs, 1, 1, ins}, points)};
}

std::optional<ops::Shape> flattened(const ir::Graph& graph, const std::string& dense) {
  const auto node = std::ranges::find(graph.nodes, dense, &ir::Node::name);
  if (node == graph.nodes.end() || !std::holds_alternative<ops::Dense>(node->op)) return {};
  ir::Value from = node->inputs[0];
  while (from != ir::kInput && std::holds_alternative<ops::Dropout>(graph.node_of(from).op))
    from = graph.node_of(from).inputs[0];
  if (from == ir::kInput || !std::holds_alternative<ops::Flatten>(graph.node_of(from).op)) return {};
  return graph.type_of(graph.node_of(from).inputs[0]).shape;
}

std::optional<ir::Tensor> laid_over(const ir::Tensor& weight, std::optional<ops::Shape> from,
                                    std::optional<ops::Shape> to) {
  if (!from || !to || from->channels != to->channels) return {};
  const int64_t units = weight.dims[0], channels = from->channels;
  const float share = static_cast<float>(from->height * from->width) / static_cast<float>(to->height * to->width);
  const auto old = weight.as<float>();
  std::vector<float> laid;
  for (int64_t u = 0; u < units; ++u)
    for (int64_t y = 0; y < to->height; ++y)
      for (int64_t x = 0; x < to->width; ++x) {
        const int64_t row = (2 * y + 1) * from->height / (2 * to->height);
        const int64_t column = (2 * x + 1) * from->width / (2 * to->width);
        const int64_t at = ((u * from->height + row) * from->width + column) * channels;
        for (int64_t c = 0; c < channels; ++c) laid.push_back(old[static_cast<size_t>(at + c)] * share);
      }
  return ir::make_tensor(DType::f32, {units, to->elements()}, laid);
}

}  // namespace dimple::edit
