#include "ops/prelu/prelu.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "ops/fixed_scale.h"
#include "ops/kernel_case_testing.h"

namespace dimple::ops {
namespace {

TEST(Prelu, BendsEachChannelByItsOwnSlope) {
  KernelCase k = make_case(OpCode::prelu, DType::f32, Prelu{}, {{1, 2, 2}});
  k.in[0].bytes = to_bytes<float>({-2, -2, 3, 4});
  k.weight = to_bytes<float>({0.25f, -1});
  EXPECT_THAT(answer<float>(k), testing::ElementsAre(-0.5f, 2, 3, 4));
}

// A slope s is 127 codes of s / 127, or minus as many: both signs of x, of the slope, and no slope at all.
TEST(Prelu, InIntegersIsTheNearestCodeForAllCodes) {
  const float in_scale = 0.05f, out_scale = 0.07f;
  const std::vector<double> slopes{0.25, -0.4, 0, 1.7};
  KernelCase k = make_case(OpCode::prelu, DType::s8, Prelu{}, {{1, 256, 4}});
  k.in[0].zero_point = 11, k.out.zero_point = -20;
  std::vector<int8_t> codes, slope_codes;
  for (int code = -128; code < 128; ++code) codes.insert(codes.end(), 4, static_cast<int8_t>(code));
  for (size_t c = 0; c < 4; ++c) {
    slope_codes.push_back(slopes[c] < 0 ? -127 : slopes[c] > 0 ? 127 : 0);
    const FixedScale below = make_fixed_scale(in_scale * std::fabs(slopes[c]) / 127 / out_scale);
    k.multiplier[c] = below.multiplier, k.shift[c] = below.shift;
  }
  const FixedScale above = make_fixed_scale(double{in_scale} / out_scale);
  k.multiplier[4] = above.multiplier, k.shift[4] = above.shift;
  k.in[0].bytes = to_bytes(codes), k.weight = to_bytes(slope_codes);
  const std::vector<int8_t> out = answer<int8_t>(k);
  for (size_t i = 0; i < out.size(); ++i) {
    const double x = double{in_scale} * (codes[i] - 11), y = x > 0 ? x : x * slopes[i % 4];
    const double wanted = std::fmin(std::fmax(y / out_scale - 20, -128.0), 127.0);
    ASSERT_LE(std::fabs(out[i] - wanted), 0.5 + 1e-4) << int{codes[i]} << " channel " << i % 4;
  }
}

}  // namespace
}  // namespace dimple::ops
