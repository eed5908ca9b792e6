#include "ops/hard_sigmoid/hard_sigmoid.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/code_table_testing.h"
#include "ops/kernel_case_testing.h"

namespace dimple::ops {
namespace {

TEST(HardSigmoid, IsItsFormula) {
  KernelCase k = make_case(OpCode::hard_sigmoid, DType::f32, HardSigmoid{}, {{1, 1, 6}});
  k.in[0].bytes = to_bytes<float>({-4, -3, -1.5f, 0, 3, 5});
  EXPECT_THAT(answer<float>(k),
              testing::Pointwise(testing::FloatNear(1e-6f), std::vector<float>{0, 0, 0.25f, 0.5f, 1, 1}));
}

TEST(HardSigmoid, InIntegersIsTheNearestCodeForAllCodes) {
  exhaust_codes(HardSigmoid{}, [](double x) { return std::clamp((x + 3) / 6, 0.0, 1.0); });
}

}  // namespace
}  // namespace dimple::ops
