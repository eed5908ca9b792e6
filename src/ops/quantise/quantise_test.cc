#include "ops/quantise/quantise.h"

#include <gtest/gtest.h>
#include <cmath>

#include "ops/kernel_case_testing.h"

namespace dimple::ops {
namespace {

std::vector<int8_t> quantised(const std::vector<float>& values, float scale, int32_t zero_point) {
  KernelCase k = make_case(OpCode::quantise, DType::s8, Quantise{}, {{1, 1, static_cast<int32_t>(values.size())}});
  k.out.scale = scale;
  k.out.zero_point = zero_point;
  k.in[0].bytes = to_bytes(values);
  return answer<int8_t>(k);
}

TEST(Quantise, RoundsHalvesUpwards) {
  EXPECT_EQ(quantised({0.5f, -0.5f, 1.5f, -1.5f, 0.49999997f, -0.50000006f}, 1, 0),
            (std::vector<int8_t>{1, 0, 2, -1, 0, -1}));
}

TEST(Quantise, EndsAtTheFirstAndLastCode) {
  EXPECT_EQ(quantised({1e30f, -1e30f, INFINITY, -INFINITY, NAN}, 0.1f, 3),
            (std::vector<int8_t>{127, -128, 127, -128, -128}));
}

TEST(Quantise, UndoesDequantiseForAllCodes) {
  for (const float scale : {0.003f, 1.0f / 128, 0.7f}) {
    for (const int32_t zero_point : {-128, 0, 127}) {
      KernelCase k = make_case(OpCode::dequantise, DType::s8, Dequantise{}, {{1, 1, 256}});
      k.in[0].scale = scale;
      k.in[0].zero_point = zero_point;
      std::vector<int8_t> codes;
      for (int code = -128; code < 128; ++code) codes.push_back(static_cast<int8_t>(code));
      k.in[0].bytes = to_bytes(codes);
      EXPECT_EQ(quantised(answer<float>(k), scale, zero_point), codes);
    }
  }
}

}  // namespace
}  // namespace dimple::ops
