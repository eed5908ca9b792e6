#include "ops/multiply/multiply.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "ops/fixed_scale.h"
#include "ops/kernel_case_testing.h"

namespace dimple::ops {
namespace {

using testing::ElementsAre;

// 1 2 | 3 4 (two pixels of two channels) times a factor of the given shape.
std::vector<float> product(const Shape& factor_shape, const std::vector<float>& factor) {
  KernelCase k = make_case(OpCode::multiply, DType::f32, Multiply{}, {{1, 2, 2}, factor_shape});
  k.in[0].bytes = to_bytes<float>({1, 2, 3, 4});
  k.in[1].bytes = to_bytes(factor);
  return answer<float>(k);
}

TEST(Multiply, SpreadsTheFactorOverWhatItLacks) {
  EXPECT_THAT(product({1, 2, 2}, {2, 3, 4, 5}), ElementsAre(2, 6, 12, 20));
  EXPECT_THAT(product({1, 1, 2}, {10, 100}), ElementsAre(10, 200, 30, 400));  // one per channel
  EXPECT_THAT(product({1, 2, 1}, {10, 100}), ElementsAre(10, 20, 300, 400));  // one per pixel
  EXPECT_THAT(product({1, 1, 1}, {10}), ElementsAre(10, 20, 30, 40));
}

TEST(Multiply, RefusesFactorsThatFitNeitherWay) {
  Shape out;
  for (const Shape& factor : {Shape{2, 1, 8}, {1, 6, 8}, {4, 6, 2}, {8, 12, 8}}) {
    const Shape in[] = {{4, 6, 8}, factor};
    EXPECT_FALSE(Multiply{}.shape(in, out)) << factor.height << 'x' << factor.width << 'x' << factor.channels;
  }
  const Shape wrong_way_round[] = {{1, 1, 8}, {4, 6, 8}};
  EXPECT_FALSE(Multiply{}.shape(wrong_way_round, out));
}

// All 256 x 256 pairs of codes, against real arithmetic.
TEST(Multiply, InIntegersIsTheNearestCodeForAllPairs) {
  const float scale0 = 0.05f, scale1 = 1.0f / 256, scale_out = 0.02f;
  const int32_t zero0 = 9, zero1 = -128, zero_out = -3;
  KernelCase k = make_case(OpCode::multiply, DType::s8, Multiply{}, {{1, 256, 256}, {1, 256, 256}});
  std::vector<int8_t> a, b;
  for (int i = -128; i < 128; ++i)
    for (int j = -128; j < 128; ++j) a.push_back(static_cast<int8_t>(i)), b.push_back(static_cast<int8_t>(j));
  k.in[0].bytes = to_bytes(a), k.in[1].bytes = to_bytes(b);
  k.in[0].zero_point = zero0, k.in[1].zero_point = zero1, k.out.zero_point = zero_out;
  const FixedScale s = make_fixed_scale(double{scale0} * scale1 / scale_out);
  k.multiplier = {s.multiplier}, k.shift = {s.shift};
  const std::vector<int8_t> out = answer<int8_t>(k);
  for (size_t i = 0; i < out.size(); ++i) {
    const double real = double{scale0} * (a[i] - zero0) * (double{scale1} * (b[i] - zero1)) / scale_out + zero_out;
    ASSERT_LE(std::fabs(out[i] - std::fmin(std::fmax(real, -128.0), 127.0)), 0.5 + 1e-4)
        << int{a[i]} << " * " << int{b[i]};
  }
}

}  // namespace
}  // namespace dimple::ops
