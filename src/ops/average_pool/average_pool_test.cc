#include "ops/average_pool/average_pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/kernel_case_testing.h"

namespace dimple::ops {
namespace {

using testing::ElementsAre;

TEST(AveragePool, DoesNotCountPadding) {
  KernelCase k = make_case(OpCode::average_pool, DType::f32, AveragePool{{3, 3, 1, 1, 1, 1, 1, 1}}, {{1, 3, 1}});
  k.in[0].bytes = to_bytes<float>({1, 2, 6});
  EXPECT_THAT(answer<float>(k), ElementsAre(1.5f, 3, 4));
}

TEST(AveragePool, InIntegersRoundsHalvesUpwards) {
  KernelCase k = make_case(OpCode::average_pool, DType::s8, AveragePool{{1, 2, 1, 2}}, {{1, 8, 1}});
  k.in[0].bytes = to_bytes<int8_t>({1, 2, -1, -2, 127, 127, -128, -128});
  EXPECT_THAT(answer<int8_t>(k), ElementsAre(2, -1, 127, -128));
}

}  // namespace
}  // namespace dimple::ops
