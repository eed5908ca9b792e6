// Pictures per second of training, everything included: augmentation, forward, backward, step, average.
#include <benchmark/benchmark.h>

#include "ir/initialise.h"
#include "train/squares_testing.h"
#include "train/trainer.h"
#include "zoo/architectures.h"

namespace dimple::train {
namespace {

void train(benchmark::State& state, const char* architecture, const char* precision) {
  const data::Dataset set = squares(6400, 48);
  TrainConfig config;
  config.epochs = 1000, config.batch = 128, config.vote_share = 0, config.device = "cpu", config.precision = precision;
  config.threads = static_cast<int>(state.range(0));
  ir::Graph graph = zoo::make(architecture, {.input = {48, 48, 1}, .classes = 3});
  ir::initialise(graph, 1);
  const auto trainer = make_trainer(graph, set, config);
  int64_t pictures = 0;
  for (auto _ : state) {
    int steps = 0;
    Callbacks callbacks;
    callbacks.on_step = [&](int64_t count, double) { pictures += count; };
    callbacks.should_stop = [&] { return ++steps == 10; };
    trainer->run(callbacks);
  }
  state.SetItemsProcessed(pictures);
}

BENCHMARK_CAPTURE(train, dimple_nano_f32, "dimple_nano", "f32")
    ->Arg(1)
    ->Arg(2)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(train, dimple_nano_bf16, "dimple_nano", "bf16")
    ->Arg(1)
    ->Arg(2)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(train, ds48_f32, "ds48", "f32")->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace dimple::train
