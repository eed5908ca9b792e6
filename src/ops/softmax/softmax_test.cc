#include "ops/softmax/softmax.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "ops/kernel_case_testing.h"

namespace dimple::ops {
namespace {

TEST(Softmax, IsItsFormulaForEveryPixel) {
  Random random(3);
  const KernelCase k = random_case<Softmax>(OpCode::softmax, DType::f32, random);
  const auto in = from_bytes<float>(k.in[0].bytes), out = answer<float>(k);
  const auto channels = static_cast<size_t>(k.in[0].shape.channels);
  for (size_t pixel = 0; pixel < in.size(); pixel += channels) {
    double sum = 0;
    for (size_t c = 0; c < channels; ++c) sum += std::exp(double{in[pixel + c]});
    for (size_t c = 0; c < channels; ++c) EXPECT_NEAR(out[pixel + c], std::exp(double{in[pixel + c]}) / sum, 1e-6);
  }
}

TEST(Softmax, HoldsForValuesWhoseExponentialIsBeyondAFloat) {
  KernelCase k = make_case(OpCode::softmax, DType::f32, Softmax{}, {{1, 1, 3}});
  k.in[0].bytes = to_bytes<float>({1000, 1000, -1000});
  EXPECT_EQ(answer<float>(k), (std::vector<float>{0.5f, 0.5f, 0}));
}

}  // namespace
}  // namespace dimple::ops
