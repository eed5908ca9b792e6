#include "ops/pad/pad.h"

#include <gtest/gtest.h>

#include "ops/kernel_case_testing.h"

namespace dimple::ops {
namespace {

TEST(Pad, PutsZerosAround) {
  KernelCase k = make_case(OpCode::pad, DType::f32, Pad{.top = 1, .left = 0, .bottom = 0, .right = 1}, {{1, 2, 1}});
  k.in[0].bytes = to_bytes<float>({1, 2});
  EXPECT_EQ(answer<float>(k), (std::vector<float>{0, 0, 0, 1, 2, 0}));
}

TEST(Pad, InIntegersPutsZeroPointsAround) {
  KernelCase k = make_case(OpCode::pad, DType::s8, Pad{.top = 0, .left = 1, .bottom = 1, .right = 0}, {{1, 1, 2}});
  k.in[0].zero_point = k.out.zero_point = -7;
  k.in[0].bytes = to_bytes<int8_t>({1, 2});
  EXPECT_EQ(answer<int8_t>(k), (std::vector<int8_t>{-7, -7, 1, 2, -7, -7, -7, -7}));
}

TEST(Pad, NegativeSidesTakeAway) {
  KernelCase k = make_case(OpCode::pad, DType::f32, Pad{.top = -1, .left = 1, .bottom = 1, .right = -2}, {{2, 3, 1}});
  k.in[0].bytes = to_bytes<float>({1, 2, 3, 4, 5, 6});
  EXPECT_EQ(answer<float>(k), (std::vector<float>{0, 4, 0, 0}));
}

TEST(Pad, LeavesSomethingOfThePicture) {
  const Shape in{2, 3, 1};
  Shape out;
  EXPECT_TRUE((Pad{.top = -1, .left = -2}.shape(&in, out)));
  EXPECT_EQ(out, (Shape{1, 1, 1}));
  EXPECT_FALSE((Pad{.top = -2, .bottom = 5}.shape(&in, out)));
  EXPECT_FALSE((Pad{.left = -1, .right = -2}.shape(&in, out)));
  EXPECT_FALSE(Pad{.top = INT32_MIN}.shape(&in, out));
}

}  // namespace
}  // namespace dimple::ops
