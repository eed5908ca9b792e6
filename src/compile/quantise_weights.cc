// Rounding a weight w to s * q errs by e = s * q - w. On inputs x the output is off by sum(e * x), and on average over
// the pictures by sum(e * mean(x)): a constant per channel, which the bias takes back.
//
// A channel's scale is also kept large enough for its bias to have few bits: a channel whose weights are all but zero
// would else ask for a bias beyond 32 bits.
#include "compile/quantise_weights.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "host/error.h"
#include "ir/traits.h"

namespace dimple::compile {
namespace {

// Where the k-th weight of a channel lies.
size_t place_of(const ops::Dims& dims, size_t channel, size_t k) {
  return static_cast<size_t>(dims.index_of(static_cast<int64_t>(channel), static_cast<int64_t>(k)));
}

// No smaller than what the largest weight needs, nor than what keeps the bias in its bounds.
double scale_of_channel(const std::vector<float>& weights, double bias, double in_scale, RangeRule rule) {
  const double for_bias = std::abs(bias) / (in_scale * kMaxBias);
  return std::max({choose_weight_limit(weights, rule) / 127, for_bias, 1e-12});
}

}  // namespace

std::vector<double> mean_seen_by_taps(const ir::Graph& real, const ir::Node& node,
                                      const std::vector<double>& input_mean) {
  if (ir::parameters_of(real, node).weight.has(ops::Axis::element)) return input_mean;  // every element is one tap
  const ops::Window* own = ir::window_of(node.op);
  const ops::Window window = own ? *own : ops::Window{};
  const ops::Shape in = real.type_of(node.inputs[0]).shape, out = node.type.shape;
  std::vector<double> seen;
  for (int ky = 0; ky < window.kernel_h; ++ky)
    for (int kx = 0; kx < window.kernel_w; ++kx)
      for (int c = 0; c < in.channels; ++c) {
        double sum = 0;
        for (int y = 0; y < out.height; ++y)
          for (int x = 0; x < out.width; ++x) {
            const int iy = y * window.stride_h - window.pad_top + ky * window.dilation_h,
                      ix = x * window.stride_w - window.pad_left + kx * window.dilation_w;
            if (iy >= 0 && iy < in.height && ix >= 0 && ix < in.width)
              sum += input_mean[(static_cast<size_t>(iy) * in.width + ix) * in.channels + c];
          }
        seen.push_back(sum / (static_cast<double>(out.height) * out.width));
      }
  return seen;
}

void quantise_weights(const ir::Graph& real, const ir::Node& node, ir::Graph& integer, RangeRule rule) {
  const ir::Tensor& weight = *real.constant(node.name, "weight");
  const ir::Tensor* const bias = real.constant(node.name, "bias");
  const auto w = weight.as<float>();
  const double in_scale = static_cast<double>(integer.type_of(node.inputs[0]).scale);
  const ops::Dims dims = ir::parameters_of(real, node).weight;
  const auto channels = static_cast<size_t>(dims.extent(ops::Axis::out));
  std::vector<int8_t> codes(w.size());
  std::vector<float> scales(channels);
  for (size_t c = 0; c < channels; ++c) {
    std::vector<float> own(static_cast<size_t>(dims.per_channel()));
    for (size_t k = 0; k < own.size(); ++k) own[k] = w[place_of(dims, c, k)];
    const double b = bias ? static_cast<double>(bias->as<float>()[c]) : 0;
    scales[c] = static_cast<float>(scale_of_channel(own, b, in_scale, rule));
    for (size_t k = 0; k < own.size(); ++k) {
      const double code = std::round(static_cast<double>(own[k]) / static_cast<double>(scales[c]));
      codes[place_of(dims, c, k)] = static_cast<int8_t>(std::clamp(code, -127.0, 127.0));
    }
  }
  integer.constants[node.name + ".weight"] = ir::make_tensor(DType::s8, weight.dims, codes);
  integer.constants[node.name + ".weight_scale"] =
      ir::make_tensor(DType::f32, {static_cast<int64_t>(channels)}, scales);
}

std::vector<double> mean_shift(const ir::Graph& real, const ir::Node& node, const ir::Graph& integer,
                               const std::vector<double>& input_mean) {
  const auto w = real.constant(node.name, "weight")->as<float>();
  const auto codes = integer.constant(node.name, "weight")->as<int8_t>();
  const auto scales = integer.constant(node.name, "weight_scale")->as<float>();
  const ops::Dims dims = ir::parameters_of(real, node).weight;
  // A channel that keeps apart from the others sees its own input only.
  const bool mixes = dims.has(ops::Axis::in) || dims.has(ops::Axis::element);
  const std::vector<double> seen = mean_seen_by_taps(real, node, input_mean);
  std::vector<double> shift(scales.size());
  for (size_t c = 0; c < scales.size(); ++c)
    for (size_t k = 0; k < static_cast<size_t>(dims.per_channel()); ++k) {
      const size_t at = place_of(dims, c, k);
      const double error = static_cast<double>(scales[c]) * codes[at] - static_cast<double>(w[at]);
      shift[c] += error * seen[mixes ? k : k * scales.size() + c];
    }
  return shift;
}

void quantise_biases(const ir::Graph& real, const ir::Node& node, ir::Graph& integer,
                     const std::vector<double>& shift) {
  const auto scales = integer.constant(node.name, "weight_scale")->as<float>();
  const ir::Tensor* const bias = real.constant(node.name, "bias");
  const double in_scale = static_cast<double>(integer.type_of(node.inputs[0]).scale);
  const int64_t per_channel = ir::parameters_of(real, node).weight.per_channel();
  std::vector<int32_t> biases(scales.size());
  for (size_t c = 0; c < scales.size(); ++c) {
    const double b = (bias ? static_cast<double>(bias->as<float>()[c]) : 0) - (shift.empty() ? 0 : shift[c]);
    const double code = std::round(b / (in_scale * static_cast<double>(scales[c])));
    biases[c] = static_cast<int32_t>(std::clamp(code, -1073741824.0, 1073741823.0));
    if (!ops::sum_fits(per_channel, biases[c]))
      throw host::Error(host::Exit::model,
                        fmt::format("node {}: a sum of {} products could leave 32 bits", node.name, per_channel));
  }
  if (bias)
    integer.constants[node.name + ".bias"] = ir::make_tensor(DType::s32, {static_cast<int64_t>(biases.size())}, biases);
}

}  // namespace dimple::compile
