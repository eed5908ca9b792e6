#include "ops/hard_swish/hard_swish.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/code_table_testing.h"
#include "ops/kernel_case_testing.h"

namespace dimple::ops {
namespace {

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
