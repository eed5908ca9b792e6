#include "ops/global_pool/global_pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/kernel_case_testing.h"

namespace dimple::ops {
namespace {

using testing::ElementsAre;

TEST(GlobalAveragePool, IsTheMeanOfEachChannel) {
  KernelCase k = make_case(OpCode::global_average_pool, DType::f32, GlobalAveragePool{}, {{2, 2, 2}});
  k.in[0].bytes = to_bytes<float>({1, 10, 2, 20, 3, 30, 6, 60});
  EXPECT_THAT(answer<float>(k), ElementsAre(3, 30));
}

TEST(GlobalAveragePool, InIntegersMovesToTheOutputsScaleAndZeroPoint) {
  KernelCase k = make_case(OpCode::global_average_pool, DType::s8, GlobalAveragePool{}, {{1, 4, 1}});
  k.in[0].zero_point = -5;
  k.out.zero_point = 7;
  k.in[0].bytes = to_bytes<int8_t>({-5, -4, -3, 0});  // on the input's scale 0, 1, 2, 5; their mean is 2
  const FixedScale s = make_fixed_scale(0.5 / (0.25 * 4));
  k.multiplier = {s.multiplier};
  k.shift = {s.shift};
  EXPECT_THAT(answer<int8_t>(k), ElementsAre(7 + 4));
}

TEST(GlobalMaxPool, TakesTheLargestOfEachChannel) {
  KernelCase k = make_case(OpCode::global_max_pool, DType::f32, GlobalMaxPool{}, {{2, 2, 2}});
  k.in[0].bytes = to_bytes<float>({1, -10, 9, -20, 3, -3, 6, -60});
  EXPECT_THAT(answer<float>(k), testing::ElementsAre(9, -3));
}

TEST(GlobalMaxPool, LeavesCodesWhatTheyAre) {
  KernelCase k = make_case(OpCode::global_max_pool, DType::s8, GlobalMaxPool{}, {{1, 3, 1}});
  k.in[0].bytes = to_bytes<int8_t>({-128, -100, -128});
  EXPECT_THAT(answer<int8_t>(k), testing::ElementsAre(-100));
}

}  // namespace
}  // namespace dimple::ops
