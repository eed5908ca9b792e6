#include <benchmark/benchmark.h>

#include <vector>

#include "data/augment.h"
#include "host/random.h"

namespace dimple::data {
namespace {

AugmentConfig everything_off() {
  AugmentConfig config;
  AugmentConfig::visit(config, [](const char*, float& field, const char*) { field = 0; });
  return config;
}

void bench_config(benchmark::State& state, const AugmentConfig& config, int32_t channels) {
  std::vector<uint8_t> in(static_cast<size_t>(48 * 48 * channels)), out(in.size());
  host::Random random(1);
  for (auto& pixel : in) pixel = static_cast<uint8_t>(random.below(256));
  uint64_t seed = 0;
  for (auto _ : state) {
    augment(config, seed++, in, 48, 48, channels, out);
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}

void grey_defaults(benchmark::State& state) { bench_config(state, {}, 1); }
void rgb_defaults(benchmark::State& state) { bench_config(state, {}, 3); }
void grey_everything(benchmark::State& state) {
  AugmentConfig config;
  config.light_probability = config.occlusion_probability = config.blur_probability = config.noise_probability = 1;
  bench_config(state, config, 1);
}
void grey_move(benchmark::State& state) {
  AugmentConfig config = everything_off();
  config.move_probability = 1, config.rotation = 12, config.shift = 0.1f, config.scale = 0.1f;
  bench_config(state, config, 1);
}
void grey_light(benchmark::State& state) {
  AugmentConfig config = everything_off();
  config.light_probability = 1, config.gain = 0.2f, config.gradient = 0.2f;
  bench_config(state, config, 1);
}
void grey_blur(benchmark::State& state) {
  AugmentConfig config = everything_off();
  config.blur_probability = 1, config.blur = 0.25f;
  bench_config(state, config, 1);
}
void grey_noise(benchmark::State& state) {
  AugmentConfig config = everything_off();
  config.noise_probability = 1, config.noise = 10;
  bench_config(state, config, 1);
}
// Each later step alone, at its default strength.
void grey_step(benchmark::State& state, float AugmentConfig::*probability) {
  AugmentConfig config = without_steps({});
  config.*probability = 1;
  bench_config(state, config, 1);
}
BENCHMARK_CAPTURE(grey_step, back_light, &AugmentConfig::back_light_probability);
BENCHMARK_CAPTURE(grey_step, crush, &AugmentConfig::crush_probability);
BENCHMARK_CAPTURE(grey_step, range, &AugmentConfig::range_probability);
BENCHMARK_CAPTURE(grey_step, sensor, &AugmentConfig::sensor_probability);
BENCHMARK_CAPTURE(grey_step, jpeg, &AugmentConfig::jpeg_probability);
BENCHMARK_CAPTURE(grey_step, cutout, &AugmentConfig::cutout_probability);
BENCHMARK(grey_defaults);
BENCHMARK(grey_everything);
BENCHMARK(rgb_defaults);
BENCHMARK(grey_move);
BENCHMARK(grey_light);
BENCHMARK(grey_blur);
BENCHMARK(grey_noise);

}  // namespace
}  // namespace dimple::data
