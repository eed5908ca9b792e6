#include "ops/swish/swish.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/code_table_testing.h"
#include "ops/kernel_case_testing.h"

namespace dimple::ops {
namespace {

TEST(Swish, IsItsFormula) {
  KernelCase k = make_case(OpCode::swish, DType::f32, Swish{}, {{1, 1, 5}});
  k.in[0].bytes = to_bytes<float>({-200, -2, 0, 1, 60});
  EXPECT_THAT(answer<float>(k),
              testing::Pointwise(testing::FloatNear(1e-6f), std::vector<float>{0, -0.23840584f, 0, 0.73105858f, 60}));
}

TEST(Swish, InIntegersIsTheNearestCodeForAllCodes) {
  exhaust_codes(Swish{}, [](double x) { return x * (0.5 + 0.5 * std::tanh(x / 2)); });
}

}  // namespace
}  // namespace dimple::ops
