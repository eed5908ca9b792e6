#include "ops/channel_pool/channel_pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/fixed_scale.h"
#include "ops/kernel_case_testing.h"

namespace dimple::ops {
namespace {

using testing::ElementsAre;

TEST(ChannelMean, IsTheMeanOfEachPixel) {
  KernelCase k = make_case(OpCode::channel_mean, DType::f32, ChannelMean{}, {{1, 2, 3}});
  k.in[0].bytes = to_bytes<float>({1, 2, 6, -1, 0, 4});
  EXPECT_THAT(answer<float>(k), ElementsAre(3, 1));
}

TEST(ChannelMean, InIntegersMovesToTheOutputsScaleAndZeroPoint) {
  KernelCase k = make_case(OpCode::channel_mean, DType::s8, ChannelMean{}, {{1, 1, 4}});
  k.in[0].zero_point = -5;
  k.out.zero_point = 7;
  k.in[0].bytes = to_bytes<int8_t>({-5, -4, -3, 0});  // 0, 1, 2, 5; their mean is 2
  const FixedScale s = make_fixed_scale(0.5 / (0.25 * 4));
  k.multiplier = {s.multiplier}, k.shift = {s.shift};
  EXPECT_THAT(answer<int8_t>(k), ElementsAre(7 + 4));
}

TEST(ChannelMax, TakesTheLargestOfEachPixel) {
  KernelCase k = make_case(OpCode::channel_max, DType::f32, ChannelMax{}, {{1, 2, 3}});
  k.in[0].bytes = to_bytes<float>({1, 7, 6, -1, -2, -4});
  EXPECT_THAT(answer<float>(k), testing::ElementsAre(7, -1));
}

TEST(ChannelMax, LeavesCodesWhatTheyAre) {
  KernelCase k = make_case(OpCode::channel_max, DType::s8, ChannelMax{}, {{2, 1, 2}});
  k.in[0].bytes = to_bytes<int8_t>({-128, -127, 127, -128});
  EXPECT_THAT(answer<int8_t>(k), testing::ElementsAre(-127, 127));
}

}  // namespace
}  // namespace dimple::ops
