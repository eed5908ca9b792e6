// Mixup: a picture and its target, blended with those of another. The other and the fraction follow from the seed, the
// epoch and the row alone, so that threads and batches do not matter.
#pragma once
#include <cstdint>
#include <span>

namespace dimple::train {

struct Mix {
  int32_t partner = 0;  // a row
  float fraction = 1;   // of the picture itself, 0.5 to 1: it stays the one that is mostly seen
};

// `alpha` above 0 and at most 4; the fraction is max(b, 1 - b) with b from Beta(alpha, alpha). Small: most pictures
// stay nearly as they are; 1: every fraction is as likely.
Mix draw_mix(std::span<const int32_t> rows, float alpha, uint64_t seed, int epoch, int32_t row);

// of[i] = fraction * of[i] + (1 - fraction) * other[i]
void blend(std::span<float> of, std::span<const float> other, float fraction);

}  // namespace dimple::train
