#include "ops/concat/concat.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/fixed_scale.h"
#include "ops/kernel_case_testing.h"

namespace dimple::ops {
namespace {

using testing::ElementsAre;

TEST(Concat, PutsTheChannelsOfEachPixelSideBySide) {
  KernelCase k = make_case(OpCode::concat, DType::f32, Concat{3}, {{1, 2, 1}, {1, 2, 2}, {1, 2, 1}});
  k.in[0].bytes = to_bytes<float>({1, 2});
  k.in[1].bytes = to_bytes<float>({10, 11, 20, 21});
  k.in[2].bytes = to_bytes<float>({-1, -2});
  EXPECT_THAT(answer<float>(k), ElementsAre(1, 10, 11, -1, 2, 20, 21, -2));
}

TEST(Concat, RefusesOtherSizesAndCounts) {
  const Shape in[] = {{4, 6, 8}, {4, 5, 8}};
  Shape out;
  EXPECT_FALSE(Concat{2}.shape(in, out));
  EXPECT_FALSE(Concat{1}.shape(in, out));
  EXPECT_FALSE(Concat{kMaxInputs + 1}.shape(in, out));
}

TEST(Concat, InIntegersMovesEachInputToTheOutputsScale) {
  KernelCase k = make_case(OpCode::concat, DType::s8, Concat{2}, {{1, 1, 256}, {1, 1, 4}});
  std::vector<int8_t> all;
  for (int code = -128; code < 128; ++code) all.push_back(static_cast<int8_t>(code));
  k.in[0].bytes = to_bytes(all);  // on the output's own scale: to the code
  k.in[0].zero_point = k.out.zero_point = 5;
  k.in[1].bytes = to_bytes<int8_t>({-7, -6, -5, 127});  // a scale half as large around -7: 0, 0.5, 1, 67
  k.in[1].zero_point = -7;
  const FixedScale same = make_fixed_scale(1), half = make_fixed_scale(0.5);
  k.multiplier = {same.multiplier, half.multiplier}, k.shift = {same.shift, half.shift};
  std::vector<int8_t> out = answer<int8_t>(k);
  EXPECT_THAT((std::vector<int8_t>{out.end() - 4, out.end()}), ElementsAre(5, 6, 6, 72));
  out.resize(256);
  EXPECT_EQ(out, all);
}

}  // namespace
}  // namespace dimple::ops
