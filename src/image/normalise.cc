#include "image/normalise.h"

#include "base/fixed_point.h"

namespace dimple::image {
namespace {

// With V = n * sum(p^2) - sum(p)^2, the deviation is sqrt(V) / n and the mean sum / n, so
//   code = 32 * (p - mean) / deviation = 32 * (p*n - sum) / sqrt(V):
// no fraction appears before the one division, and there are only 256 different pixels to divide for. The root is cut
// to a whole number, at least 8n where it decides: off by less than 1 part in 8n, a hundredth of a code for 48x48
// pixels.
void standardise(Span<const uint8_t> pixels, Span<int8_t> codes) {
  const int64_t n = static_cast<int64_t>(pixels.size());
  int64_t sum = 0, squares = 0;
  for (const uint8_t p : pixels) {
    sum += p;
    squares += p * p;
  }
  const int64_t root = integer_sqrt(static_cast<uint64_t>(n * squares - sum * sum));
  const int64_t divisor = max_of<int64_t>(root, n * kLeastDeviation);
  int8_t table[256];
  for (int32_t p = 0; p < 256; ++p) {
    const int64_t twice = 64 * (p * n - sum) + divisor;
    const int64_t code = twice >= 0 ? twice / (2 * divisor) : -((-twice + 2 * divisor - 1) / (2 * divisor));
    table[p] = to_s8(static_cast<int32_t>(clamp<int64_t>(code, -128, 127)));
  }
  for (size_t i = 0; i < pixels.size(); ++i) codes[i] = table[pixels[i]];
}

}  // namespace

void normalise(Normalise how, Span<const uint8_t> pixels, Span<int8_t> codes) {
  if (pixels.empty()) return;
  if (how == Normalise::standardise) return standardise(pixels, codes);
  for (size_t i = 0; i < pixels.size(); ++i) codes[i] = static_cast<int8_t>(pixels[i] - 128);
}

}  // namespace dimple::image
