// The steps of an augmentation, for augment.cc alone. Each changes the picture in place and draws what it needs from
// the stream it is given.
#pragma once
#include <cmath>
#include <cstdint>
#include <span>

#include "base/fixed_point.h"
#include "data/augment.h"
#include "host/random.h"
#include "image/affine.h"

namespace dimple::data::augmenting {

using host::Random;

struct Picture {
  std::span<uint8_t> pixels;
  int32_t width, height, channels;

  int32_t row_bytes() const { return width * channels; }
  uint8_t* row(int32_t y) const { return pixels.data() + static_cast<ptrdiff_t>(y) * row_bytes(); }
};

inline uint8_t to_u8(int32_t value) { return static_cast<uint8_t>(clamp(value, 0, 255)); }

void light(const AugmentConfig& config, Random& random, const Picture& p);
void back_light(const AugmentConfig& config, Random& random, const Picture& p);
void occlude(const AugmentConfig& config, Random& random, const Picture& p);
void blur(const AugmentConfig& config, Random& random, const Picture& p);
void range(const AugmentConfig& config, Random& random, const Picture& p);
void crush(const AugmentConfig& config, Random& random, const Picture& p);
void noise(const AugmentConfig& config, Random& random, const Picture& p);
void sensor(const AugmentConfig& config, Random& random, const Picture& p);
void jpeg(const AugmentConfig& config, Random& random, const Picture& p);
void cutout(const AugmentConfig& config, Random& random, const Picture& p);

bool knows_jpeg();  // whether this build has a codec
void compress_jpeg(const Picture& p, int quality);

// Four random bytes as noise of standard deviation `strength` / 65536 * 147.8: their sum is near enough to a normal
// distribution (mean 510, variance 4 * (256^2 - 1) / 12, so a deviation of 147.8).
constexpr float kNoiseUnit = 65536 / 147.8f;
inline int32_t bell(uint64_t word, int32_t strength) {
  const uint64_t pairs = (word & 0x00FF00FF) + ((word >> 8) & 0x00FF00FF);
  const auto sum = static_cast<int32_t>((pairs + (pairs >> 16)) & 0xFFFF) - 510;
  return (sum * strength + 32768) >> 16;
}

}  // namespace dimple::data::augmenting
