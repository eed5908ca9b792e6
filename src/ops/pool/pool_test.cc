#include "ops/pool/pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

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

// Nine of them under each window, whatever lies outside; a zero's code is the zero point.
TEST(AveragePool, CountsPaddingAsZerosWhereItIsToldTo) {
  const AveragePool op{.window = {3, 3, 1, 1, 1, 1, 1, 1}, .count_include_pad = 1};
  KernelCase k = make_case(OpCode::average_pool, DType::f32, op, {{1, 3, 1}});
  k.in[0].bytes = to_bytes<float>({9, 18, 27});
  EXPECT_THAT(answer<float>(k), ElementsAre(3, 6, 5));

  KernelCase codes = make_case(OpCode::average_pool, DType::s8, op, {{1, 3, 1}});
  codes.in[0].zero_point = codes.out.zero_point = -20;
  codes.in[0].bytes = to_bytes<int8_t>({-20 + 9, -20 + 18, -20 + 27});
  EXPECT_THAT(answer<int8_t>(codes), ElementsAre(-20 + 3, -20 + 6, -20 + 5));
}

// The widest that vector kernels take, and wider ones; all codes at an end, and among each other.
TEST(AveragePool, IsTheSameInEveryKernelUnderWideWindows) {
  for (const int32_t side : {6, 7, 8, 9}) {
    const AveragePool op{.window = {side, side, 1, 1, 3, 3, 3, 3}, .count_include_pad = side % 2};
    KernelCase k = make_case(OpCode::average_pool, DType::s8, op, {{9, 9, 70}});
    Random random(static_cast<uint32_t>(side));
    for (int round = 0; round < 4; ++round) {
      k.in[0].bytes = random_values(DType::s8, k.in[0].shape.elements(), random);
      if (round < 2) std::ranges::fill(k.in[0].bytes, round == 0 ? uint8_t{0x80} : uint8_t{0x7F});
      for (const kernels::KernelInfo* kernel : kernels_for(k)) EXPECT_EQ(run(k, *kernel), run(k, reference_of(k)));
    }
  }
}

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
