// How often a value takes which size, over a range that is not known beforehand: when a value falls outside, the range
// doubles and neighbouring bins merge, so that one pass over the data is enough and the order of the data does not
// matter.
#pragma once
#include <array>
#include <cstdint>
#include <span>

namespace dimple::compile {

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

}  // namespace dimple::compile
