#include "ops/batch_norm/batch_norm.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/sqrt.h"
#include "ops/kernel_case_testing.h"

namespace dimple::ops {
namespace {

TEST(BatchNorm, IsItsFormula) {
  KernelCase k = make_case(OpCode::batch_norm, DType::f32, BatchNorm{.epsilon = 1.0f}, {{1, 2, 2}});
  k.in[0].bytes = to_bytes<float>({1, 2, 3, 4});
  k.weight = to_bytes<float>({2, 3, /* mean */ 1, 0, /* variance */ 3, 8});
  k.bias = to_bytes<float>({0.5f, -1});
  EXPECT_EQ(answer<float>(k), (std::vector<float>{0.5f, 1, 2.5f, 3}));
}

TEST(Sqrt, GivesTheBitsOfTheMachinesOwn) {
  Random random(7);
  for (int i = 0; i < 200000; ++i) {
    const float x = bit_cast<float>(random_between(random, 0, 0x7F7FFFFF));
    ASSERT_EQ(bit_cast<int32_t>(sqrt_f32(x)), bit_cast<int32_t>(std::sqrt(x))) << x;
  }
  EXPECT_EQ(sqrt_f32(0), 0);
  EXPECT_EQ(sqrt_f32(INFINITY), INFINITY);
  EXPECT_TRUE(std::isnan(sqrt_f32(-1)));
}

}  // namespace
}  // namespace dimple::ops
