// u8 pixels to the s8 codes a network reads.
#pragma once
#include "base/platform.h"
#include "base/span.h"

namespace dimple::image {

enum class Normalise : int32_t {
  offset = 0,       // code = pixel - 128
  standardise = 1,  // code = (pixel - mean) * 32 / deviation of this picture, rounded and clamped
};

constexpr const char* name_of(Normalise n) { return n == Normalise::offset ? "offset" : "standardise"; }

// Below this a picture counts as flat: its noise is not blown up to full contrast.
inline constexpr int32_t kLeastDeviation = 8;
// n * sum of squares < n^2 * 2^16 stays below 2^62.
inline constexpr size_t kMaxNormalisedPixels = size_t{1} << 23;

// The real value of a code is code * code_scale; the zero point is 0.
constexpr float code_scale(Normalise n) { return n == Normalise::offset ? 1.0f / 128 : 1.0f / 32; }

// `codes` has at least the length of `pixels`, which has at most kMaxNormalisedPixels. They may be the same memory.
void normalise(Normalise how, Span<const uint8_t> pixels, Span<int8_t> codes);

}  // namespace dimple::image
