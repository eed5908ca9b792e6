// Times every kernel of an operator that this machine can run, on layers like those of our networks.
#pragma once
#include <benchmark/benchmark.h>

#include <string>

#include "ops/kernel_case_testing.h"

namespace dimple::ops {

// A layer's case in the kernel's types, with random values and scales as trained networks have them: sums of some
// thousands become codes.
template <class Op>
KernelCase bench_case(OpCode code, const kernels::KernelInfo& kernel, const Op& op, const Shape& in) {
  Random random(1);
  KernelCase k = make_case(code, kernel.types, op, {in});
  k.in[0].bytes = random_values(kernel.types.in, in.elements(), random);
  k.weight = random_values(kernel.types.weight, k.weight_dims.elements(), random);
  if (!k.codebook.empty()) k.codebook = random_codes(static_cast<int64_t>(k.codebook.size()), random);
  const FixedScale scale = make_fixed_scale(0.003);
  for (int32_t& multiplier : k.multiplier) multiplier = scale.multiplier;
  for (int32_t& shift : k.shift) shift = scale.shift;
  return k;
}

inline void measure(benchmark::State& state, const kernels::KernelInfo& kernel, const KernelCase& k) {
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
  const double macs = static_cast<double>(k.out.shape.elements()) * static_cast<double>(k.weight_dims.per_channel());
  state.counters["GMAC/s"] = benchmark::Counter(macs * 1e-9, benchmark::Counter::kIsIterationInvariantRate);
  state.counters["Mout/s"] = benchmark::Counter(static_cast<double>(k.out.shape.elements()) * 1e-6,
                                                benchmark::Counter::kIsIterationInvariantRate);
}

// Layers have a name, an input `in`, and make their operator by op().
template <class Layer, size_t kCount>
bool register_layers(OpCode code, const Layer (&layers)[kCount]) {
  for (const kernels::KernelInfo& kernel : kernels::all_kernels())
    for (const Layer& layer : layers)
      if (kernel.op == code && kernel.run && kernels::isas_here().has(kernel.isa) &&
          (kernel.types.in != DType::b1 || layer.in.channels % 32 == 0))
        benchmark::RegisterBenchmark((std::string(kernel.name) + "/" + layer.name).c_str(),
                                     [code, &kernel, &layer](benchmark::State& state) {
                                       measure(state, kernel, bench_case(code, kernel, layer.op(), layer.in));
                                     });
  return true;
}

}  // namespace dimple::ops
