// Pictures per second of training, everything included: augmentation, forward, backward, step, average. By
// architecture, precision and threads: --benchmark_filter=mobilenet_v2/bf16.
#include <benchmark/benchmark.h>

#include <string>

#include "ir/initialise.h"
#include "train/squares_testing.h"
#include "train/trainer.h"
#include "zoo/architectures.h"

namespace dimple::train {
namespace {

void train(benchmark::State& state, std::string_view architecture, const char* precision) {
  const data::Dataset set = squares(6400, 64);
  Recipe recipe;
  recipe.epochs = 1000, recipe.batch = 128, recipe.vote_share = 0, recipe.precision = precision;
  Session session;
  session.device = "cpu", session.threads = static_cast<int>(state.range(0));
  ir::Graph graph = zoo::make(architecture, {.input = {64, 64, 1}, .classes = 3});
  ir::initialise(graph, 1);
  const auto trainer = make_trainer(graph, set, recipe, session);
  int64_t pictures = 0;
  const auto run = [&](int wanted) {
    int steps = 0;
    Callbacks callbacks;
    callbacks.on_step = [&](int64_t count, double) { pictures += count; };
    callbacks.should_stop = [&] { return ++steps == wanted; };
    trainer->run(callbacks);
  };
  run(1);  // libraries prepare themselves at the first step
  pictures = 0;
  for (auto _ : state) run(4);
  state.SetItemsProcessed(pictures);
}

const bool kRegistered = [] {
  for (const zoo::Architecture& one : zoo::architectures())
    for (const char* precision : {"f32", "bf16"})
      benchmark::RegisterBenchmark((std::string(one.name) + "/" + precision).c_str(),
                                   [&one, precision](benchmark::State& state) { train(state, one.name, precision); })
          ->Arg(1)
          ->Arg(2)
          ->UseRealTime()
          ->Unit(benchmark::kMillisecond);
  return true;
}();

}  // namespace
}  // namespace dimple::train
