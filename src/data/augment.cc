#include "data/augment.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <string_view>

#include "data/augment_steps.h"
#include "data/move.h"
#include "host/error.h"

namespace dimple::data {
namespace {

using namespace augmenting;

struct Limit {
  std::string_view field;
  float low, high;
};

// Beside the probabilities, which are 0 to 1. What is not listed here may be any number that is not negative.
constexpr Limit kLimits[] = {{"shift", 0, 1},       {"scale", 0, 0.95f},  {"curve", 0, 1},     {"occlusion", 0, 1},
                             {"blur", 0, 1.0f / 3}, {"back_light", 0, 1}, {"crush", 0, 0.95f}, {"range", 0, 0.95f},
                             {"jpeg", 1, 95},       {"cutout", 0, 1}};

// The head moves: shift, rotation, scale and mirror as one matrix, so that the picture is resampled once.
image::Affine draw_move(const AugmentConfig& config, Random& random, const Picture& p) {
  Move move{.mirrored = random.chance(config.mirror_probability)};
  const bool moves = random.chance(config.move_probability);
  const float turn = random.around(config.rotation) * 0.01745329252f;
  const float size = 1 + random.around(config.scale);
  const float dx = random.around(config.shift) * static_cast<float>(p.width);
  const float dy = random.around(config.shift) * static_cast<float>(p.height);
  if (moves) move.turn = turn, move.size = size, move.dx = dx, move.dy = dy;
  return affine_of(move, p.width, p.height);
}

// A later step draws from a stream of its own, so that turning it on leaves what the others draw as it was.
template <class Step>
void sometimes(float probability, uint64_t seed, uint64_t stream, Step&& step) {
  if (probability <= 0) return;
  host::Random random(host::seed_for(seed, stream, 0));
  if (random.chance(probability)) step(random);
}

}  // namespace

AugmentConfig without_steps(AugmentConfig config) {
  AugmentConfig::visit(config, [](std::string_view name, float& value, const char*) {
    if (name.ends_with("_probability")) value = 0;
  });
  return config;
}

void check(const AugmentConfig& config) {
  AugmentConfig::visit(config, [](std::string_view name, float value, const char*) {
    float low = 0, high = 1e6f;
    if (name.ends_with("_probability")) high = 1;
    for (const Limit& limit : kLimits)
      if (limit.field == name) low = limit.low, high = limit.high;
    if (!(value >= low && value <= high + 1e-6f))
      throw host::Error(
          host::Exit::usage, fmt::format("augment.{} is {}", name, value),
          high < 1e6f ? fmt::format("{:.3g} to {:.3g} is possible", low, high) : "it may not be negative");
  });
  if (config.jpeg_probability > 0 && !augmenting::knows_jpeg())
    throw host::Error(host::Exit::usage, "augment.jpeg_probability: this build has no JPEG codec",
                      "leave it at 0 here, or train with a full build");
}

void augment(const AugmentConfig& config, uint64_t seed, std::span<const uint8_t> in, int32_t width, int32_t height,
             int32_t channels, std::span<uint8_t> out) {
  assert(in.size() == out.size() && in.size() == static_cast<size_t>(width) * static_cast<size_t>(height * channels));
  assert(channels == 1 || channels == 3);
  host::Random random(seed);
  const Picture p{out, width, height, channels};
  const image::Affine move = draw_move(config, random, p);
  if (move == image::Affine{})
    std::ranges::copy(in, out.begin());
  else
    resample(move, in, width, height, channels, out);
  const auto also = [&](float probability, uint64_t stream, auto& step) {
    sometimes(probability, seed, stream, [&](Random& own) { step(config, own, p); });
  };
  if (random.chance(config.light_probability)) light(config, random, p);
  also(config.back_light_probability, 1, back_light);
  if (random.chance(config.occlusion_probability)) occlude(config, random, p);
  if (random.chance(config.blur_probability)) blur(config, random, p);
  also(config.range_probability, 2, range);
  also(config.crush_probability, 3, crush);
  if (random.chance(config.noise_probability)) noise(config, random, p);
  also(config.sensor_probability, 4, sensor);
  also(config.jpeg_probability, 5, jpeg);
  also(config.cutout_probability, 6, cutout);
}

}  // namespace dimple::data
