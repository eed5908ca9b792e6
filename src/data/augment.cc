#include "data/augment.h"

#include <algorithm>
#include <cassert>

#include "data/augment_steps.h"

namespace dimple::data {
namespace {

using namespace augmenting;

// A later step draws from a stream of its own, so that turning it on leaves what the others draw as it was.
template <class Step>
void sometimes(float probability, uint64_t seed, uint64_t stream, Step&& step) {
  if (probability <= 0) return;
  host::Random random(host::seed_for(seed, stream, 0));
  if (random.chance(probability)) step(random);
}

}  // namespace

void augment(const AugmentConfig& config, uint64_t seed, std::span<const uint8_t> in, int32_t width, int32_t height,
             int32_t channels, std::span<uint8_t> out) {
  assert(in.size() == out.size() && in.size() == static_cast<size_t>(width) * static_cast<size_t>(height * channels));
  assert(channels == 1 || channels == 3);
  host::Random random(seed);
  const Picture p{out, width, height, channels};
  const image::Affine move = draw_move(config, random, p);
  if (move == image::Affine{}) {
    std::ranges::copy(in, out.begin());
  } else {
    const Status status = image::affine(image::packed(in.data(), width, height, channels), move,
                                        image::packed(out.data(), width, height, channels));
    assert(status == Status::ok);
    static_cast<void>(status);
  }
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
