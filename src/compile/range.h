// Which part of a value's range its 256 codes are spent on, chosen from a histogram of it.
#pragma once
#include <array>
#include <cstdint>
#include <span>

namespace dimple::compile {

// How often a value takes which size, over a range that is not known beforehand: when a value falls outside, the range
// doubles and neighbouring bins merge, so that one pass over the data is enough and the order of the data does not
// matter.
class Histogram {
 public:
  static constexpr int kBins = 4096;  // over [-limit, limit); after a doubling at least half of them are in reach

  void add(std::span<const float> values);
  void add(const Histogram&);

  float low() const { return low_; }    // exact
  float high() const { return high_; }  // exact
  int64_t zeros() const { return zeros_; }
  int64_t count() const { return count_; }  // zeros included

  // f(centre, count) for every bin that holds something. Exact zeros are in no bin.
  template <class F>
  void for_each_bin(F&& f) const {
    const double width = 2.0 * limit_ / kBins;
    for (int i = 0; i < kBins; ++i)
      if (bins_[static_cast<size_t>(i)] != 0) f((i + 0.5) * width - limit_, bins_[static_cast<size_t>(i)]);
  }

 private:
  void widen();

  std::array<int64_t, kBins> bins_{};
  float limit_ = 1.0f / 1024;  // a power of two
  float low_ = 0, high_ = 0;
  int64_t zeros_ = 0, count_ = 0;
};

// What lies outside of a range is clipped; the narrower the range, the finer the steps inside.
enum class RangeRule {
  extremes,    // nothing is clipped: min-max
  percentile,  // QuantiseOptions::clipped_share of the non-zero values is clipped
  least_error  // the smallest mean squared error of clipping and rounding together: mse
};

struct Range {
  double low = 0, high = 0;  // low <= 0 <= high, so that zero has a code
};

Range choose_range(const Histogram&, RangeRule, double clipped_share);

// The real step of one code and the code of zero. A range that starts at 0 uses all of -128 .. 127.
struct Codes {
  float scale = 1;
  int zero_point = 0;
};
Codes codes_for(const Range&);

// The largest magnitude that symmetric codes -127 .. 127 should reach for these weights; the largest there is, or the
// one of least squared error.
double choose_weight_limit(std::span<const float> weights, RangeRule);

}  // namespace dimple::compile
