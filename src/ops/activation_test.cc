// relu and relu6 are clamps; both tables are small enough to be exhausted.
#include "ops/activation.h"

#include <gtest/gtest.h>

#include <cmath>

#include "ops/kernel_case_testing.h"

namespace dimple::ops {
namespace {

std::vector<int8_t> all_codes() {
  std::vector<int8_t> codes;
  for (int code = -128; code < 128; ++code) codes.push_back(static_cast<int8_t>(code));
  return codes;
}

template <class Op>
void exhaust(OpCode code, double ceiling, float scale, int32_t zero_point) {
  KernelCase k = make_case(code, DType::s8, Op{}, {{1, 1, 256}});
  k.in[0].scale = k.out.scale = scale;
  k.in[0].zero_point = k.out.zero_point = zero_point;
  k.use(Op::kActivation);
  k.in[0].bytes = to_bytes(all_codes());
  const std::vector<int8_t> out = answer<int8_t>(k);
  for (size_t i = 0; i < out.size(); ++i) {
    const double in_real = double{scale} * (all_codes()[i] - zero_point);
    const double real = std::fmin(std::fmax(in_real, 0.0), ceiling);
    ASSERT_LE(std::fabs(double{scale} * (out[i] - zero_point) - real), 0.5 * scale + 1e-6) << int{all_codes()[i]};
  }
}

TEST(ReluS8, IsTheNearestCodeForAllCodes) {
  exhaust<Relu>(OpCode::relu, 1e30, 0.1f, 0);
  exhaust<Relu>(OpCode::relu, 1e30, 0.1f, -128);
  exhaust<Relu>(OpCode::relu, 1e30, 0.02f, 127);
}

TEST(Relu6S8, IsTheNearestCodeForAllCodes) {
  exhaust<Relu6>(OpCode::relu6, 6, 0.1f, 0);
  exhaust<Relu6>(OpCode::relu6, 6, 6.0f / 255, -128);
  exhaust<Relu6>(OpCode::relu6, 6, 1.7f, 3);
}

TEST(Relu6, InFloatsCutsAtNothingAndSix) {
  KernelCase k = make_case(OpCode::relu6, DType::f32, Relu6{}, {{1, 1, 4}});
  k.in[0].bytes = to_bytes<float>({-1, 0.25f, 6, 7});
  EXPECT_EQ(answer<float>(k), (std::vector<float>{0, 0.25f, 6, 6}));
}

TEST(ClampCodes, NeverLeaveTheCodesHoweverSmallTheScale) {
  EXPECT_EQ(clamp_codes(Activation::relu6, 1e-30f, -128).high, 127);
  EXPECT_EQ(clamp_codes(Activation::relu6, 1e30f, 5).high, 5);
}

}  // namespace
}  // namespace dimple::ops
