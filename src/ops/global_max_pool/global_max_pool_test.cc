#include "ops/global_max_pool/global_max_pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/kernel_case_testing.h"

namespace dimple::ops {
namespace {

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
