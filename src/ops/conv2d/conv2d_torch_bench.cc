// Our own convolution, depthwise convolution and batch norm beside libtorch's, on layers of ds48 and dimple_nano: a
// step's work on 32 pictures, forward and backward, on one thread. `nchw` is what one writes first, `nhwc` the layout
// that libtorch's kernels like best.
#include <benchmark/benchmark.h>

#include "nn/memory.h"
#include "nn/product.h"
#include "nn/slot.h"

namespace dimple::ops {
namespace {

using torch::Tensor;

constexpr int64_t kPictures = 32;

enum class Way { ours, nchw, nhwc };
constexpr const char* name_of(Way way) { return way == Way::ours ? "ours" : way == Way::nchw ? "nchw" : "nhwc"; }

struct Layer {
  const char* kind;  // conv, depthwise or norm
  int64_t size, in, out, kernel, stride;
};

constexpr Layer kLayers[] = {
    {"conv", 48, 1, 16, 3, 1},        {"conv", 24, 16, 16, 3, 1},      {"conv", 12, 32, 32, 3, 1},
    {"conv", 24, 16, 32, 3, 2},       {"conv", 24, 32, 32, 1, 1},      {"conv", 12, 64, 64, 1, 1},
    {"depthwise", 48, 16, 16, 3, 2},  {"depthwise", 24, 32, 32, 3, 1}, {"depthwise", 12, 64, 64, 3, 1},
    {"depthwise", 6, 128, 128, 3, 1}, {"norm", 48, 16, 16, 1, 1},      {"norm", 12, 64, 64, 1, 1},
};

Tensor leaf(const Tensor& t) { return t.detach().clone().requires_grad_(); }

// x, weight and bias -> what the layer gives.
using Step = std::function<Tensor(const Tensor&, const Tensor&, const Tensor&)>;

Step ours(const Layer& l) {
  const auto k = static_cast<int32_t>(l.kernel), s = static_cast<int32_t>(l.stride), p = k / 2;
  const Window window{k, k, s, s, p, p, p, p};
  const auto run = [](const auto& op) -> Step {
    return [=](const Tensor& x, const Tensor& weight, const Tensor& bias) {
      const Tensor in[] = {x};
      return forward(op, nn::Slot{in, weight, bias, true});
    };
  };
  if (l.kind == std::string("conv")) return run(Conv2d{static_cast<int32_t>(l.out), window});
  if (l.kind == std::string("depthwise")) return run(DepthwiseConv2d{window});
  return [statistics = torch::stack({torch::zeros({l.in}), torch::ones({l.in})})](const Tensor& x, const Tensor& weight,
                                                                                  const Tensor& bias) {
    return forward(BatchNorm{}, nn::NormSlot{x, weight, bias, statistics, true});
  };
}

Step libtorchs(const Layer& l) {
  if (l.kind == std::string("norm"))
    return [mean = torch::zeros({l.in}), variance = torch::ones({l.in})](const Tensor& x, const Tensor& weight,
                                                                         const Tensor& bias) {
      return torch::batch_norm(x, weight, bias, mean, variance, true, 0.1, 1e-5, false);
    };
  const int64_t groups = l.kind == std::string("depthwise") ? l.in : 1;
  return [=](const Tensor& x, const Tensor& weight, const Tensor& bias) {
    return torch::conv2d(x, weight, bias, l.stride, l.kernel / 2, 1, groups);
  };
}

Tensor weight_of(const Layer& l, Way way) {
  const bool norm = l.kind == std::string("norm"), depthwise = l.kind == std::string("depthwise");
  if (norm) return way == Way::ours ? torch::ones({1, l.in}) : torch::ones({l.in});
  if (way == Way::ours)
    return depthwise ? torch::randn({l.kernel, l.kernel, l.in}) : torch::randn({l.out, l.kernel, l.kernel, l.in});
  return torch::randn({l.out, depthwise ? 1 : l.in, l.kernel, l.kernel});
}

void measure(benchmark::State& state, const Layer& l, Way way) {
  nn::keep_memory();
  torch::set_num_threads(1);
  torch::manual_seed(1);
  const auto layout = way == Way::nchw ? torch::MemoryFormat::Contiguous : torch::MemoryFormat::ChannelsLast;
  const Tensor x = torch::randn({kPictures, l.in, l.size, l.size}).contiguous(layout).requires_grad_(),
               weight = leaf(weight_of(l, way)), bias = leaf(torch::randn({l.out}));
  const Step step = way == Way::ours ? ours(l) : libtorchs(l);
  const Tensor gradient = torch::randn(step(x, weight, bias).sizes()).contiguous(layout);
  for (auto _ : state) {
    const Tensor y = step(x, weight, bias);
    benchmark::DoNotOptimize(torch::autograd::grad({y}, {x, weight, bias}, {gradient}));
  }
  state.SetItemsProcessed(state.iterations() * kPictures);
}

const bool kRegistered = [] {
  for (const Layer& l : kLayers)
    for (const Way way : {Way::ours, Way::nchw, Way::nhwc}) {
      const std::string name = std::string(l.kind) + "_" + std::to_string(l.kernel) + "x" + std::to_string(l.kernel) +
                               "_stride" + std::to_string(l.stride) + "/" + std::to_string(l.size) + "x" +
                               std::to_string(l.size) + "x" + std::to_string(l.in) + "_to_" + std::to_string(l.out) +
                               "/" + name_of(way);
      benchmark::RegisterBenchmark(name.c_str(), [&l, way](benchmark::State& state) { measure(state, l, way); });
    }
  return true;
}();

}  // namespace
}  // namespace dimple::ops
