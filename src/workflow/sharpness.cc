#include "workflow/sharpness.h"

#include <algorithm>
#include <cmath>

namespace dimple::workflow {

// The Laplacian's deviation over that of the pixels: contrast falls out of it. Pixels that know nothing of their
// neighbours would give sqrt(20). Over FER2013 at 48x48 the median is 0.81 and the lowest of 599 faces 0.30; the same
// faces grown from 24x24 have a median of 0.26, from 12x12 of 0.13 (highest 0.23).
float sharpness(std::span<const uint8_t> grey, int width, int height) {
  const auto at = [&](int x, int y) { return static_cast<double>(grey[static_cast<size_t>(y * width + x)]); };
  double sum = 0, squares = 0, bends = 0;
  int64_t inner = 0;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      sum += at(x, y);
      squares += at(x, y) * at(x, y);
      if (x == 0 || y == 0 || x == width - 1 || y == height - 1) continue;
      const double bend = at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1) - 4 * at(x, y);
      bends += bend * bend;
      ++inner;
    }
  }
  const double n = static_cast<double>(width) * height;
  const double variance = squares / n - sum / n * (sum / n);
  if (inner == 0 || variance < 1) return 0;  // flat
  return static_cast<float>(std::min(1.0, std::sqrt(bends / static_cast<double>(inner) / variance)));
}

}  // namespace dimple::workflow
