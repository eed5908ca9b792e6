// Multiply-accumulates per second of every variant, on layers like those of our networks.
#include <benchmark/benchmark.h>

#include "ops/conv2d/conv2d.h"
#include "ops/kernel_case_testing.h"

namespace dimple::ops {
namespace {

struct Layer {
  const char* name;
  Shape in;
  int32_t out_channels, kernel;
};

constexpr Layer kLayers[] = {
    {"first_48x48x1_to_8", {48, 48, 1}, 8, 3},      {"early_48x48x8_to_8", {48, 48, 8}, 8, 3},
    {"middle_24x24x19_to_26", {24, 24, 19}, 26, 3}, {"late_12x12x64_to_64", {12, 12, 64}, 64, 3},
    {"point_24x24x32_to_64", {24, 24, 32}, 64, 1},  {"late_6x6x64_to_64", {6, 6, 64}, 64, 3},
};

void measure(benchmark::State& state, const kernels::KernelInfo& kernel, const Layer& layer) {
  const int32_t border = layer.kernel / 2;
  const Conv2d op{layer.out_channels, {layer.kernel, layer.kernel, 1, 1, border, border, border, border}};
  Random random(1);
  KernelCase k = make_case(OpCode::conv2d, kernel.types.in, op, {layer.in});
  k.in[0].bytes = random_values(kernel.types.in, layer.in.elements(), random);
  k.weight = random_values(kernel.types.weight, k.weight_dims.elements(), random);
  std::vector<uint8_t> out(k.out.size_bytes());
  std::vector<std::vector<uint8_t>> in = k.input_bytes();
  const host::AlignedBytes weights = weights_for(k, kernel);
  DimpleCall call = k.call(in, out.data());
  host::AlignedBytes scratch(kernel.scratch_bytes(call));
  call.weight = weights.data();
  call.scratch = scratch.data();
  if (!kernel.fits(call)) return state.SkipWithError("it does not take this call");
  for (auto _ : state) {
    kernel.run(&call, all_rows(call.out));
    benchmark::ClobberMemory();
  }
  const double macs = static_cast<double>(k.out.shape.elements()) * layer.kernel * layer.kernel * layer.in.channels;
  state.counters["GMAC/s"] = benchmark::Counter(macs * 1e-9, benchmark::Counter::kIsIterationInvariantRate);
}

const bool kRegistered = [] {
  for (const kernels::KernelInfo& kernel : kernels::all_kernels())
    for (const Layer& layer : kLayers)
      if (kernel.op == OpCode::conv2d && kernel.run && kernels::isas_here().has(kernel.isa))
        benchmark::RegisterBenchmark((std::string(kernel.name) + "/" + layer.name).c_str(),
                                     [&](benchmark::State& state) { measure(state, kernel, layer); });
  return true;
}();

}  // namespace
}  // namespace dimple::ops
