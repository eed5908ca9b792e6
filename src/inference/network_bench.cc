// Milliseconds of one face through the shipped model, from codes to probabilities, on one thread.
#include "inference/level.h"
#include "inference/network.h"

#include <benchmark/benchmark.h>

namespace dimple::inference {
namespace {

void read_face(benchmark::State& state, const NetworkOptions& options) {
  const OpenedModel model = open_model("dimple-nano");
  Network network(model, options);
  std::vector<int8_t> codes(model.preprocess.pixels());
  for (size_t i = 0; i < codes.size(); ++i) codes[i] = static_cast<int8_t>(i * 37 % 251);
  for (auto _ : state) benchmark::DoNotOptimize(network.read(codes));
}

const bool kRegistered = [] {
  const auto add = [](const std::string& name, const NetworkOptions& options) {
    benchmark::RegisterBenchmark(("read_face/" + name).c_str(), [options](benchmark::State& state) {
      read_face(state, options);
    })->Unit(benchmark::kMillisecond);
  };
  for (const std::string& level : levels_here()) add(level, {.isas = isas_up_to(level)});
  add("graph", {.executor = Executor::reference});
  return true;
}();

}  // namespace
}  // namespace dimple::inference
