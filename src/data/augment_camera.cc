// What a camera adds: a lens that is out of focus, a little; noise, equal everywhere or as a sensor has it.
#include <algorithm>
#include <array>
#include <vector>

#include "data/augment_steps.h"

namespace dimple::data::augmenting {
namespace {

// to = (side * (left + right) + (256 - 2 side) * middle) / 256, over `count` bytes.
void mix_three(const uint8_t* left, const uint8_t* middle, const uint8_t* right, uint8_t* DIMPLE_RESTRICT to,
               int32_t count, int side) {
  for (int32_t i = 0; i < count; ++i)
    to[i] = static_cast<uint8_t>((side * (left[i] + right[i]) + (256 - 2 * side) * middle[i] + 128) >> 8);
}

}  // namespace

void blur(const AugmentConfig& config, Random& random, const Picture& p) {
  const int side = static_cast<int>(256 * clamp(random.unit() * config.blur, 0.0f, 1.0f / 3));
  const int32_t bytes = p.row_bytes(), n = p.channels;
  std::vector<uint8_t> padded(static_cast<size_t>(bytes + 2 * n)),
      rows(static_cast<size_t>(bytes) * static_cast<size_t>(p.height));
  for (int32_t y = 0; y < p.height; ++y) {
    const uint8_t* from = p.row(y);
    std::copy(from, from + n, padded.data());
    std::copy(from, from + bytes, padded.data() + n);
    std::copy(from + bytes - n, from + bytes, padded.data() + n + bytes);
    mix_three(padded.data(), padded.data() + n, padded.data() + 2 * n, rows.data() + static_cast<ptrdiff_t>(y) * bytes,
              bytes, side);
  }
  const auto row = [&](int32_t y) { return rows.data() + static_cast<ptrdiff_t>(clamp(y, 0, p.height - 1)) * bytes; };
  for (int32_t y = 0; y < p.height; ++y) mix_three(row(y - 1), row(y), row(y + 1), p.row(y), bytes, side);
}

// One random word serves two bytes of the picture.
void noise(const AugmentConfig& config, Random& random, const Picture& p) {
  const auto strength = static_cast<int32_t>(random.unit() * config.noise * kNoiseUnit);
  const auto add = [&](uint8_t& pixel, uint64_t word) { pixel = to_u8(pixel + bell(word, strength)); };
  size_t i = 0;
  for (; i + 1 < p.pixels.size(); i += 2) {
    const uint64_t word = random.next();
    add(p.pixels[i], word & 0xFFFFFFFF);
    add(p.pixels[i + 1], word >> 32);
  }
  if (i < p.pixels.size()) add(p.pixels[i], random.next() & 0xFFFFFFFF);
}

// A sensor counts electrons: the count's own noise grows with its root (shot noise), reading it adds a constant. The
// darker the scene, the more the count is amplified, and the noise with it. With s the deviation at middle grey of a
// picture of middle grey, gain g = 128 / mean (1 to 4; a bright picture is not cleaner than that) and a quarter of the
// variance there from reading:
//   variance(v) = s^2 * (3/4 * g * v / 128 + 1/4 * g^2)
// so s^2 at v = 128, g = 1. Colours count by themselves.
void sensor(const AugmentConfig& config, Random& random, const Picture& p) {
  const float s = random.unit() * config.sensor;
  int64_t sum = 0;
  for (const uint8_t pixel : p.pixels) sum += pixel;
  const float mean = static_cast<float>(sum) / static_cast<float>(p.pixels.size());
  const float gain = clamp(128 / max_of(mean, 1.0f), 1.0f, 4.0f);
  std::array<int32_t, 256> strength;
  for (size_t v = 0; v < 256; ++v)
    strength[v] = static_cast<int32_t>(s * std::sqrt(0.75f * gain * static_cast<float>(v) / 128 + 0.25f * gain * gain) *
                                       kNoiseUnit);
  for (uint8_t& pixel : p.pixels) pixel = to_u8(pixel + bell(random.next(), strength[pixel]));
}

}  // namespace dimple::data::augmenting
