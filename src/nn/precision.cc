#include "nn/precision.h"

#include <ATen/autocast_mode.h>

#include <algorithm>

#include "host/error.h"
#include "host/processor.h"
#include "ir/cost.h"
#include "nn/window.h"

namespace dimple::nn {
namespace {

// libtorch said this separately for each kind of device until 2.4.
void set_autocast(torch::Device device, bool on) {
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
  at::autocast::set_autocast_dtype(device.type(), at::kBFloat16);
  at::autocast::set_autocast_enabled(device.type(), on);
#else
  if (device.is_cuda()) {
    at::autocast::set_autocast_gpu_dtype(at::kBFloat16);
    at::autocast::set_enabled(on);
  } else {
    at::autocast::set_autocast_cpu_dtype(at::kBFloat16);
    at::autocast::set_cpu_enabled(on);
  }
#endif
}

bool has_depthwise(const ir::Graph& graph) {
  return std::ranges::any_of(graph.nodes,
                             [](const ir::Node& n) { return std::holds_alternative<ops::DepthwiseConv2d>(n.op); });
}

// Whether libtorch would do most of the work in floats too.
bool is_mostly_long_products(const ir::Graph& graph) {
  int64_t all = 0, is_long = 0;
  for (const ir::NodeCost& node : ir::estimate_cost(graph).nodes) {
    all += node.multiply_adds;
    if (node.parameters > kMaxOwnLoopWeights) is_long += node.multiply_adds;
  }
  return 2 * is_long > all;
}

}  // namespace

MixedPrecision::MixedPrecision(bool on, torch::Device device) : on_(on), device_(device) {
  if (on_) set_autocast(device_, true);
}

MixedPrecision::~MixedPrecision() {
  if (!on_) return;
  set_autocast(device_, false);
  at::autocast::clear_cache();
}

bool in_mixed_precision(torch::Device device) {
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
  return at::autocast::is_autocast_enabled(device.type());
#else
  return device.is_cuda() ? at::autocast::is_enabled() : at::autocast::is_cpu_enabled();
#endif
}

bool is_faster_in_bf16(const ir::Graph& graph, std::string_view features) {
  const auto has = [&](std::string_view feature) { return features.find(feature) != std::string_view::npos; };
  if (has_depthwise(graph)) return false;
  return has("amx_bf16") || (has("avx512_bf16") && is_mostly_long_products(graph));
}

bool use_mixed_precision(const std::string& precision, torch::Device device, const ir::Graph& graph) {
  if (precision == "f32") return false;
  if (precision == "bf16") return true;
  if (precision == "auto") return device.is_cuda() || is_faster_in_bf16(graph, host::fast_features());
  throw host::Error(host::Exit::usage, "there is no precision '" + precision + "'", "auto, f32 and bf16 are known");
}

}  // namespace dimple::nn
