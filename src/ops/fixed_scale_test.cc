#include "ops/fixed_scale.h"

#include <gtest/gtest.h>

#include <cmath>

namespace dimple::ops {
namespace {

TEST(FixedScale, IsWithinHalfAUnitOfThirtyOneBits) {
  for (double real = std::ldexp(1.0, -31); real < 1e9; real *= 1.37) {
    const FixedScale s = make_fixed_scale(real);
    EXPECT_GE(s.multiplier, 1 << 30) << real;
    EXPECT_GE(s.shift, 1) << real;
    EXPECT_LE(s.shift, 62) << real;
    EXPECT_NEAR(std::ldexp(static_cast<double>(s.multiplier), -s.shift) / real, 1.0, 0x1p-31) << real;
  }
}

TEST(FixedScale, RoundsUpIntoTheNextPowerOfTwo) {
  const FixedScale s = make_fixed_scale(1.0 - 0x1p-40);
  EXPECT_EQ(s.multiplier, 1 << 30);
  EXPECT_EQ(s.shift, 30);
}

TEST(FixedScale, EndsSoftlyAtBothSides) {
  EXPECT_EQ(make_fixed_scale(0).multiplier, 0);
  EXPECT_EQ(make_fixed_scale(1e-30).multiplier, 0);
  EXPECT_EQ(make_fixed_scale(1e-30).shift, 62);
  EXPECT_EQ(make_fixed_scale(1e30).multiplier, INT32_MAX);
  EXPECT_EQ(make_fixed_scale(std::nan("")).multiplier, 0);
}

}  // namespace
}  // namespace dimple::ops
