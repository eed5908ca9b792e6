#include "train/mixup.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "host/random.h"

namespace dimple::train {
namespace {

constexpr uint64_t kStream = 0x6D6978;  // apart from the draws of augmentation

// Johnk: x = u^(1/a), y = v^(1/a); given x + y <= 1, x / (x + y) is Beta(a, a). For a up to 4 at least one draw in 70
// is kept. In double, and again when both underflow.
double draw_beta(double alpha, host::Random& random) {
  while (true) {
    const double x = std::pow(static_cast<double>(random.unit()), 1 / alpha);
    const double y = std::pow(static_cast<double>(random.unit()), 1 / alpha);
    if (x + y <= 1 && x + y > 0) return x / (x + y);
  }
}

}  // namespace

Mix draw_mix(std::span<const int32_t> rows, float alpha, uint64_t seed, int epoch, int32_t row) {
  host::Random random(host::seed_for(seed ^ kStream, static_cast<uint64_t>(epoch), static_cast<uint64_t>(row)));
  const int32_t partner = rows[random.below(static_cast<uint32_t>(rows.size()))];
  const double b = draw_beta(alpha, random);
  return {partner, static_cast<float>(std::max(b, 1 - b))};
}

void blend(std::span<float> of, std::span<const float> other, float fraction) {
  assert(of.size() == other.size());
  for (size_t i = 0; i < of.size(); ++i) of[i] = fraction * of[i] + (1 - fraction) * other[i];
}

}  // namespace dimple::train
