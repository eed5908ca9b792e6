#include "ops/sigmoid/sigmoid.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/sigmoid.h"
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

}  // namespace
}  // namespace dimple::ops
