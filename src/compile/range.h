// Which part of a value's range its 256 codes are spent on. What lies outside is clipped; the narrower the range, the
// finer the steps inside.
#pragma once
#include <span>
#include <string_view>

#include "compile/histogram.h"

namespace dimple::compile {

enum class RangeRule {
  extremes,    // nothing is clipped
  percentile,  // QuantiseOptions::clipped_share of the non-zero values is clipped
  least_error  // the smallest mean squared error of clipping and rounding together
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
