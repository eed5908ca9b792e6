// Parts of the face that are not seen: something in front of it, or a square cut out so that a net does not lean on one
// place alone (Cutout).
#include <algorithm>

#include "data/augment_steps.h"

namespace dimple::data::augmenting {
void occlude(const AugmentConfig& config, Random& random, const Picture& p) {
  const auto side = [&](int32_t extent) {
    return clamp<int32_t>(static_cast<int32_t>(random.unit() * config.occlusion * static_cast<float>(p.width)), 1,
                          extent);
  };
  const int32_t w = side(p.width), h = side(p.height);
  const auto x = static_cast<int32_t>(random.below(static_cast<uint32_t>(p.width - w + 1)));
  const auto y = static_cast<int32_t>(random.below(static_cast<uint32_t>(p.height - h + 1)));
  const auto grey = static_cast<int>(random.below(256));
  for (int32_t row = y; row < y + h; ++row) {
    uint8_t* at = p.row(row) + static_cast<ptrdiff_t>(x) * p.channels;
    std::fill(at, at + static_cast<ptrdiff_t>(w) * p.channels, static_cast<uint8_t>(grey));
  }
}

// The square's middle may lie anywhere, so that it may hang over the border; it is filled with the picture's mean,
// which standardising turns into nothing at all.
void cutout(const AugmentConfig& config, Random& random, const Picture& p) {
  const int32_t side = max_of(1, static_cast<int32_t>(config.cutout * static_cast<float>(p.width)));
  const int32_t left = static_cast<int32_t>(random.below(static_cast<uint32_t>(p.width))) - side / 2;
  const int32_t top = static_cast<int32_t>(random.below(static_cast<uint32_t>(p.height))) - side / 2;
  const int32_t x0 = max_of(left, 0), x1 = min_of(left + side, p.width);
  const int32_t y0 = max_of(top, 0), y1 = min_of(top + side, p.height);
  const auto count = static_cast<int64_t>(p.width) * p.height;
  for (int32_t c = 0; c < p.channels; ++c) {
    int64_t sum = 0;
    for (int64_t i = 0; i < count; ++i) sum += p.pixels[static_cast<size_t>(i * p.channels + c)];
    const auto mean = static_cast<uint8_t>(sum / count);
    for (int32_t y = y0; y < y1; ++y)
      for (int32_t x = x0; x < x1; ++x) p.row(y)[x * p.channels + c] = mean;
  }
}

}  // namespace dimple::data::augmenting
