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

void quantise_weights(const ir::Graph& real, const ir::Node& node, ir::Graph& integer, const WeightOptions& options) {
  const ir::Tensor& weight = *real.constant(node.name, "weight");
  const ir::Tensor* const bias_of_node = real.constant(node.name, "bias");
  const auto w = weight.as<float>();
  const auto channels = static_cast<size_t>(node.type.shape.channels);
  const std::vector<float> none(channels);
  const std::span<const float> b = bias_of_node ? bias_of_node->as<float>() : std::span<const float>(none);
  const double in_scale = static_cast<double>(integer.type_of(node.inputs[0]).scale);
  const ops::Dims dims = ir::parameters_of(real, node).weight;
  const auto per_channel = static_cast<size_t>(dims.per_channel());
  // A channel that keeps apart from the others sees its own input only.
  const bool mixes = dims.has(ops::Axis::in) || dims.has(ops::Axis::element);
  std::vector<double> seen;
  if (options.input_mean && bias_of_node) seen = mean_seen_by_taps(real, node, *options.input_mean);

  std::vector<int8_t> codes(w.size());
  std::vector<int32_t> biases(channels);
  std::vector<float> scales(channels);
  for (size_t c = 0; c < channels; ++c) {
    const auto place = [&](size_t k) {
      return static_cast<size_t>(dims.index_of(static_cast<int64_t>(c), static_cast<int64_t>(k)));
    };
    std::vector<float> own(per_channel);
    for (size_t k = 0; k < per_channel; ++k) own[k] = w[place(k)];
    scales[c] = static_cast<float>(scale_of_channel(own, static_cast<double>(b[c]), in_scale, options.rule));
    const double scale = static_cast<double>(scales[c]);
    double shift = 0;
    for (size_t k = 0; k < per_channel; ++k) {
      const double q = std::clamp(std::round(static_cast<double>(own[k]) / scale), -127.0, 127.0);
      codes[place(k)] = static_cast<int8_t>(q);
      if (!seen.empty()) shift += (scale * q - static_cast<double>(own[k])) * seen[mixes ? k : k * channels + c];
    }
    const double bias = std::round((static_cast<double>(b[c]) - shift) / (in_scale * scale));
    biases[c] = static_cast<int32_t>(std::clamp(bias, -1073741824.0, 1073741823.0));
    if (!ops::sum_fits(dims.per_channel(), biases[c]))
      throw host::Error(host::Exit::model,
                        fmt::format("node {}: a sum of {} products could leave 32 bits", node.name, per_channel));
  }
  const auto count = static_cast<int64_t>(channels);
  integer.constants[node.name + ".weight"] = ir::make_tensor(DType::s8, weight.dims, codes);
  integer.constants[node.name + ".weight_scale"] = ir::make_tensor(DType::f32, {count}, scales);
  if (bias_of_node) integer.constants[node.name + ".bias"] = ir::make_tensor(DType::s32, {count}, biases);
}

}  // namespace dimple::compile
