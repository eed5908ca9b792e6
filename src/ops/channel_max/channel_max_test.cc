#include "ops/channel_max/channel_max.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/kernel_case_testing.h"

namespace dimple::ops {
namespace {

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
