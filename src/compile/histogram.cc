#include "compile/histogram.h"

#include <algorithm>
#include <cmath>

namespace dimple::compile {

void Histogram::add(std::span<const float> values) {
  for (const float v : values) {
    if (!std::isfinite(v)) continue;
    ++count_;
    if (v == 0) {
      ++zeros_;
      continue;
    }
    low_ = std::min(low_, v), high_ = std::max(high_, v);
    while (std::abs(v) >= limit_) widen();
    const auto bin = static_cast<int>((v + limit_) * (0.5f * kBins) / limit_);
    ++bins_[static_cast<size_t>(std::clamp(bin, 0, kBins - 1))];
  }
}

void Histogram::add(const Histogram& other) {
  Histogram aligned = other;
  while (limit_ < aligned.limit_) widen();
  while (aligned.limit_ < limit_) aligned.widen();
  for (size_t i = 0; i < kBins; ++i) bins_[i] += aligned.bins_[i];
  low_ = std::min(low_, aligned.low_), high_ = std::max(high_, aligned.high_);
  zeros_ += aligned.zeros_, count_ += aligned.count_;
}

// Bin i of the old range becomes half of bin i / 2 + kBins / 4 of the new one.
void Histogram::widen() {
  std::array<int64_t, kBins> wider{};
  for (size_t i = 0; i < kBins; ++i) wider[i / 2 + kBins / 4] += bins_[i];
  bins_ = wider;
  limit_ *= 2;
}

}  // namespace dimple::compile
