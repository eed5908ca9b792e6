// The lens is out of focus, a little.
#include <algorithm>
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

}  // namespace dimple::data::augmenting
