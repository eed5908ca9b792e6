#include "ops/depthwise_conv2d/depthwise_conv2d.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/kernel_case_testing.h"

namespace dimple::ops {
namespace {

using testing::ElementsAre;

TEST(DepthwiseConv2d, KeepsChannelsApart) {
  KernelCase k = make_case(OpCode::depthwise_conv2d, DType::f32, DepthwiseConv2d{.window = {1, 2}}, {{1, 2, 2}});
  k.in[0].bytes = to_bytes<float>({1, 10, 2, 20});
  k.weight = to_bytes<float>({1, 2, 3, 4});
  k.bias = to_bytes<float>({0, 1});
  EXPECT_THAT(answer<float>(k), ElementsAre(7, 101));
}

// A depthwise convolution is a convolution whose weights between different channels are zero.
TEST(DepthwiseConv2d, IsAConvolutionWithADiagonalWeight) {
  for (uint32_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    const KernelCase depthwise = random_case<DepthwiseConv2d>(OpCode::depthwise_conv2d, DType::s8, random);
    const auto op = format::load_attributes<DepthwiseConv2d>(depthwise.attributes.data());
    const int32_t channels = depthwise.in[0].shape.channels;
    const Conv2d full{.out_channels = channels, .window = op.window, .activation = op.activation};
    KernelCase k = depthwise;
    k.op = OpCode::conv2d;
    k.attributes.resize(format::attribute_words<Conv2d>());
    format::store_attributes(full, k.attributes.data());
    const auto taps = static_cast<size_t>(op.window.kernel_h * op.window.kernel_w), c = static_cast<size_t>(channels);
    k.weight.assign(taps * c * c, 0);
    for (size_t oc = 0; oc < c; ++oc)
      for (size_t tap = 0; tap < taps; ++tap) k.weight[(oc * taps + tap) * c + oc] = depthwise.weight[tap * c + oc];
    EXPECT_EQ(answer<int8_t>(depthwise), answer<int8_t>(k));
  }
}

}  // namespace
}  // namespace dimple::ops
