#include "compile/range.h"

#include <algorithm>
#include <cmath>
#include <vector>

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

namespace {

constexpr int kCandidates = 100;         // range ends tried, down to
constexpr double kNarrowest = 0.2;       // this share of the full range
constexpr double kSmallestRange = 1e-6;  // a value that is always 0 still needs a positive step

struct Bin {
  double centre, count;
};

// Rounding to steps of width s errs by s^2 / 12 on average; a clipped value errs by its distance to the end. Exact
// zeros have a code of their own and never err, which is why the histogram keeps them apart.
double squared_error(const std::vector<Bin>& bins, const Range& r) {
  const double step = (r.high - r.low) / 255, rounding = step * step / 12;
  double sum = 0;
  for (const Bin& b : bins) {
    const double beyond = b.centre > r.high ? b.centre - r.high : b.centre < r.low ? r.low - b.centre : 0;
    sum += b.count * (beyond * beyond + rounding);
  }
  return sum;
}

// One end at a time, twice: the ends depend on each other only through the step width.
Range least_error(const Histogram& h) {
  std::vector<Bin> bins;
  h.for_each_bin([&](double centre, int64_t count) { bins.push_back({centre, static_cast<double>(count)}); });
  Range best{h.low(), h.high()};
  double least = squared_error(bins, best);
  for (int round = 0; round < 2; ++round)
    for (const bool upper : {true, false})
      for (int i = 0; i < kCandidates; ++i) {
        const double share = kNarrowest + (1 - kNarrowest) * i / kCandidates;
        Range r = best;
        (upper ? r.high : r.low) = share * (upper ? h.high() : h.low());
        if (const double error = squared_error(bins, r); error < least) least = error, best = r;
      }
  return best;
}

Range percentile(const Histogram& h, double clipped_share) {
  std::vector<Bin> bins;
  double total = 0;
  h.for_each_bin([&](double centre, int64_t count) {
    bins.push_back({centre, static_cast<double>(count)});
    total += static_cast<double>(count);
  });
  const double spare = total * clipped_share / 2;
  Range r{h.low(), h.high()};
  double beyond = 0;
  for (auto b = bins.rbegin(); b != bins.rend() && (beyond += b->count) <= spare; ++b) r.high = b->centre;
  beyond = 0;
  for (auto b = bins.begin(); b != bins.end() && (beyond += b->count) <= spare; ++b) r.low = b->centre;
  return {std::min(r.low, 0.0), std::max(r.high, 0.0)};
}

}  // namespace

Range choose_range(const Histogram& h, RangeRule rule, double clipped_share) {
  if (rule == RangeRule::least_error) return least_error(h);
  if (rule == RangeRule::percentile) return percentile(h, clipped_share);
  return {h.low(), h.high()};
}

Codes codes_for(const Range& range) {
  const double width = std::max(range.high - range.low, kSmallestRange);
  const auto scale = static_cast<float>(width / 255);
  const double zero = std::round(-128 - range.low / static_cast<double>(scale));
  return {scale, static_cast<int>(std::clamp(zero, -128.0, 127.0))};
}

double choose_weight_limit(std::span<const float> weights, RangeRule rule) {
  double most = 0;
  for (const float w : weights) most = std::max(most, std::abs(double{w}));
  if (rule != RangeRule::least_error || most == 0) return most;
  double best = most, least = -1;
  for (int i = 0; i <= kCandidates; ++i) {
    const double limit = most * (1 - 0.5 * i / kCandidates), step = limit / 127;
    double error = 0;
    for (const float w : weights) {
      const double e = std::clamp(std::round(w / step), -127.0, 127.0) * step - w;
      error += e * e;
    }
    if (least < 0 || error < least) least = error, best = limit;
  }
  return best;
}

}  // namespace dimple::compile
