// Milliseconds of one face through the shipped model, from codes to probabilities, on one thread.
#include "inference/network.h"

#include <benchmark/benchmark.h>

namespace dimple::inference {
namespace {

void read_face(benchmark::State& state, Executor executor) {
  const OpenedModel model = open_model("dimple-nano");
  Network network(model, executor);
  std::vector<int8_t> codes(model.preprocess.pixels());
  for (size_t i = 0; i < codes.size(); ++i) codes[i] = static_cast<int8_t>(i * 37 % 251);
  for (auto _ : state) benchmark::DoNotOptimize(network.read(codes));
}

BENCHMARK_CAPTURE(read_face, program, Executor::program)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(read_face, reference, Executor::reference)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace dimple::inference
