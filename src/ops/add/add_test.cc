#include "ops/add/add.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "ops/add/add_scales.h"
#include "ops/kernel_case_testing.h"

namespace dimple::ops {
namespace {

TEST(Add, AddsAndClamps) {
  KernelCase k = make_case(OpCode::add, DType::f32, Add{Activation::relu}, {{1, 1, 3}, {1, 1, 3}});
  k.in[0].bytes = to_bytes<float>({1, 2, -3});
  k.in[1].bytes = to_bytes<float>({10, -20, 3.5f});
  EXPECT_THAT(answer<float>(k), testing::ElementsAre(11, 0, 0.5f));
}

// All 256 x 256 pairs of codes, against real arithmetic: never more than half a code away, but for the half itself.
void exhaust(float scale0, int32_t zero0, float scale1, int32_t zero1, float scale_out, int32_t zero_out) {
  KernelCase k = make_case(OpCode::add, DType::s8, Add{}, {{1, 256, 256}, {1, 256, 256}});
  std::vector<int8_t> a, b;
  for (int i = -128; i < 128; ++i)
    for (int j = -128; j < 128; ++j) a.push_back(static_cast<int8_t>(i)), b.push_back(static_cast<int8_t>(j));
  k.in[0].bytes = to_bytes(a), k.in[1].bytes = to_bytes(b);
  k.in[0].zero_point = zero0, k.in[1].zero_point = zero1, k.out.zero_point = zero_out;
  const AddScales scales = make_add_scales(scale0, scale1, scale_out);
  k.multiplier = {scales.multiplier[0], scales.multiplier[1]};
  k.shift = {scales.shift[0], scales.shift[1]};
  const std::vector<int8_t> out = answer<int8_t>(k);
  for (size_t i = 0; i < out.size(); ++i) {
    const double real = (double{scale0} * (a[i] - zero0) + double{scale1} * (b[i] - zero1)) / scale_out + zero_out;
    const double expected = std::fmin(std::fmax(real, -128.0), 127.0);
    ASSERT_LE(std::fabs(out[i] - expected), 0.5 + 1e-4) << int{a[i]} << " + " << int{b[i]};
  }
}

TEST(AddS8, IsTheNearestCodeForAllPairsOfCodes) {
  exhaust(0.1f, 0, 0.1f, 0, 0.2f, 0);
  exhaust(0.05f, -128, 0.021f, 17, 0.06f, -100);
  exhaust(3.0f, 5, 0.001f, -5, 2.0f, 127);
  exhaust(1e-6f, 5, 1e-6f, -5, 1.0f, 0);
}

TEST(AddS8, KeepsASumOfHalvesExact) {
  KernelCase k = make_case(OpCode::add, DType::s8, Add{}, {{1, 1, 2}, {1, 1, 2}});
  const AddScales half = make_add_scales(0.5f, 0.5f, 1.0f);
  k.multiplier = {half.multiplier[0], half.multiplier[1]};
  k.shift = {half.shift[0], half.shift[1]};
  k.in[0].bytes = to_bytes<int8_t>({1, -1});  // each alone would round to 1, or to 0
  k.in[1].bytes = to_bytes<int8_t>({1, -1});
  EXPECT_THAT(answer<int8_t>(k), testing::ElementsAre(1, -1));
}

TEST(AddScales, StayInRangeForExtremeRatios) {
  for (const float ratio : {1e-12f, 1e-6f, 0.5f, 1.0f, 2.0f, 1e6f, 1e12f}) {
    const AddScales s = make_add_scales(ratio, 1.0f, 1.0f);
    EXPECT_EQ(s.shift[0], s.shift[1]);
    EXPECT_GE(s.shift[0], 1);
    EXPECT_LE(s.shift[0], 62);
    EXPECT_GE(s.multiplier[0], 0);
    EXPECT_GE(s.multiplier[1], 0);
  }
}

}  // namespace
}  // namespace dimple::ops
