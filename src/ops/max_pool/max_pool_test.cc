#include "ops/max_pool/max_pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/kernel_case_testing.h"

namespace dimple::ops {
namespace {

using testing::ElementsAre;

TEST(MaxPool, TakesTheLargestOfEachChannel) {
  KernelCase k = make_case(OpCode::max_pool, DType::f32, MaxPool{{2, 2, 2, 2}}, {{2, 2, 2}});
  k.in[0].bytes = to_bytes<float>({1, -1, 4, -4, 3, -3, 2, -2});
  EXPECT_THAT(answer<float>(k), ElementsAre(4, -1));
}

TEST(MaxPool, PaddingNeverWins) {
  KernelCase k = make_case(OpCode::max_pool, DType::s8, MaxPool{{3, 3, 1, 1, 1, 1, 1, 1}}, {{1, 2, 1}});
  k.in[0].zero_point = k.out.zero_point = 0;
  k.in[0].bytes = to_bytes<int8_t>({-100, -128});
  EXPECT_THAT(answer<int8_t>(k), ElementsAre(-100, -100));
}

}  // namespace
}  // namespace dimple::ops
