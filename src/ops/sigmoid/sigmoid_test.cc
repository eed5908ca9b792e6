#include "ops/sigmoid/sigmoid.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/exp.h"
#include "ops/code_table_testing.h"
#include "ops/kernel_case_testing.h"

namespace dimple::ops {
namespace {

TEST(Sigmoid, IsItsFormula) {
  KernelCase k = make_case(OpCode::sigmoid, DType::f32, Sigmoid{}, {{1, 1, 5}});
  k.in[0].bytes = to_bytes<float>({-200, -2, 0, 1, 200});
  EXPECT_THAT(answer<float>(k),
              testing::Pointwise(testing::FloatNear(1e-6f), std::vector<float>{0, 0.11920292f, 0.5f, 0.73105858f, 1}));
}

TEST(Sigmoid, InIntegersIsTheNearestCodeForAllCodes) {
  exhaust_codes(Sigmoid{}, [](double x) { return 0.5 + 0.5 * std::tanh(x / 2); });
}

TEST(Sigmoid, OfTheBaseIsNearTheTrueOne) {
  for (int i = -9000; i <= 9000; ++i) {
    const float x = static_cast<float>(i) / 90;
    ASSERT_NEAR(sigmoid_f32(x), 1 / (1 + std::exp(-double{x})), 2e-7) << x;
  }
}

TEST(Swish, IsItsFormula) {
  KernelCase k = make_case(OpCode::swish, DType::f32, Swish{}, {{1, 1, 5}});
  k.in[0].bytes = to_bytes<float>({-200, -2, 0, 1, 60});
  EXPECT_THAT(answer<float>(k),
              testing::Pointwise(testing::FloatNear(1e-6f), std::vector<float>{0, -0.23840584f, 0, 0.73105858f, 60}));
}

TEST(Swish, InIntegersIsTheNearestCodeForAllCodes) {
  exhaust_codes(Swish{}, [](double x) { return x * (0.5 + 0.5 * std::tanh(x / 2)); });
}

TEST(HardSigmoid, IsItsFormula) {
  KernelCase k = make_case(OpCode::hard_sigmoid, DType::f32, HardSigmoid{}, {{1, 1, 6}});
  k.in[0].bytes = to_bytes<float>({-4, -3, -1.5f, 0, 3, 5});
  EXPECT_THAT(answer<float>(k),
              testing::Pointwise(testing::FloatNear(1e-6f), std::vector<float>{0, 0, 0.25f, 0.5f, 1, 1}));
}

TEST(HardSigmoid, InIntegersIsTheNearestCodeForAllCodes) {
  exhaust_codes(HardSigmoid{}, [](double x) { return std::clamp((x + 3) / 6, 0.0, 1.0); });
}

TEST(HardSwish, IsItsFormula) {
  KernelCase k = make_case(OpCode::hard_swish, DType::f32, HardSwish{}, {{1, 1, 7}});
  k.in[0].bytes = to_bytes<float>({-4, -3, -1.5f, 0, 1.5f, 3, 5});
  EXPECT_THAT(answer<float>(k),
              testing::Pointwise(testing::FloatNear(1e-6f), std::vector<float>{0, 0, -0.375f, 0, 1.125f, 3, 5}));
}

TEST(HardSwish, InIntegersIsTheNearestCodeForAllCodes) {
  exhaust_codes(HardSwish{}, [](double x) { return x * std::clamp((x + 3) / 6, 0.0, 1.0); });
}

}  // namespace
}  // namespace dimple::ops
