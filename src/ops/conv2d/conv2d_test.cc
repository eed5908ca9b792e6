#include "ops/conv2d/conv2d.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/kernel_case_testing.h"

namespace dimple::ops {
namespace {

using testing::ElementsAre;

KernelCase sum_of_three_by_three(DType dtype) {
  Conv2d op{.out_channels = 1, .window = {3, 3, 1, 1, 1, 1, 1, 1}};
  return make_case(OpCode::conv2d, dtype, op, {{2, 3, 1}});
}

TEST(Conv2d, SumsUpNeighboursAndNothingBeyondTheBorder) {
  KernelCase k = sum_of_three_by_three(DType::f32);
  k.in[0].bytes = to_bytes<float>({1, 2, 3, 4, 5, 6});
  k.weight = to_bytes(std::vector<float>(9, 1.0f));
  k.bias = to_bytes<float>({0.5f});
  EXPECT_THAT(answer<float>(k), ElementsAre(12.5f, 21.5f, 16.5f, 12.5f, 21.5f, 16.5f));
}

TEST(Conv2d, InIntegersPaddingCountsAsTheZeroPoint) {
  KernelCase k = sum_of_three_by_three(DType::s8);
  k.in[0].zero_point = -10;
  k.out.zero_point = 3;
  k.in[0].bytes = to_bytes<int8_t>({-9, -8, -7, -6, -5, -4});
  k.weight = to_bytes(std::vector<int8_t>(9, 1));
  k.bias = to_bytes<int32_t>({1});
  EXPECT_THAT(answer<int8_t>(k), ElementsAre(16, 25, 20, 16, 25, 20));
}

// Weights 1 -1 1 and -1 1 1, less the zero point of the input.
TEST(Conv2d, CodesMeetBinaryWeights) {
  KernelCase k = make_case(OpCode::conv2d, kernels::s8_b1_s8, Conv2d{.out_channels = 2}, {{1, 2, 3}});
  k.in[0].zero_point = 1;
  k.in[0].bytes = to_bytes<int8_t>({2, 3, 5, -127, 1, 1});
  k.weight = to_bytes<uint32_t>({0b110'101});
  k.bias = to_bytes<int32_t>({100, 0});
  EXPECT_THAT(answer<int8_t>(k), ElementsAre(103, 5, -28, 127));
}

// Codes 1 0 2 and 2 2 1 name -1 10 3 and 7 7 5: a codebook for each channel.
TEST(Conv2d, CodesOfWeightsNameEntriesOfTheCodebookOfTheirChannel) {
  KernelCase k = make_case(OpCode::conv2d, kernels::s8_c4_s8, Conv2d{.out_channels = 2}, {{1, 2, 3}});
  k.in[0].zero_point = 1;
  k.in[0].bytes = to_bytes<int8_t>({2, 3, 5, 1, 1, 0});
  k.weight = to_bytes<uint32_t>({0x122'201});
  k.codebook = {10, -1, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 5, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  k.codebook_channels = 1;
  k.bias = to_bytes<int32_t>({4, 0});
  EXPECT_THAT(answer<int8_t>(k), ElementsAre(4 - 1 + 20 + 12, 7 + 14 + 20, 4 - 3, -5));
}

// 1 0 3 with a column between its taps, and nothing where a tap stands beside the picture.
TEST(Conv2d, DilatedTapsStandApart) {
  const Conv2d op{.out_channels = 1, .window = {1, 3, 1, 1, 0, 2, 0, 2, 1, 2}};
  KernelCase k = make_case(OpCode::conv2d, DType::f32, op, {{1, 5, 1}});
  k.in[0].bytes = to_bytes<float>({1, 2, 3, 4, 5});
  k.weight = to_bytes<float>({10, 1, 100});
  EXPECT_THAT(answer<float>(k), ElementsAre(301, 402, 513, 24, 35));
}

TEST(Conv2d, RoundsHalvesUpwardsAndClamps) {
  Conv2d op{.out_channels = 4};
  KernelCase k = make_case(OpCode::conv2d, DType::s8, op, {{1, 1, 1}});
  k.in[0].bytes = to_bytes<int8_t>({1});
  k.weight = to_bytes<int8_t>({3, -3, 127, -128});
  const FixedScale half = make_fixed_scale(0.5), two = make_fixed_scale(2);
  k.multiplier = {half.multiplier, half.multiplier, two.multiplier, two.multiplier};
  k.shift = {half.shift, half.shift, two.shift, two.shift};
  EXPECT_THAT(answer<int8_t>(k), ElementsAre(2, -1, 127, -128));
}

TEST(Conv2d, AppliesReluAtTheOutputsZeroPoint) {
  Conv2d op{.out_channels = 2, .activation = Activation::relu6};
  KernelCase k = make_case(OpCode::conv2d, DType::s8, op, {{1, 1, 1}});
  k.out.zero_point = -20;
  k.out.scale = 0.5f;
  k.use(Activation::relu6);
  k.in[0].bytes = to_bytes<int8_t>({100});
  k.weight = to_bytes<int8_t>({1, -1});
  EXPECT_THAT(answer<int8_t>(k), ElementsAre(-20 + 12, -20));
}

// The definition, element by element, in 64 bits.
int8_t by_definition(const KernelCase& k, const Conv2d& op, int32_t y, int32_t x, int32_t oc) {
  const Shape in = k.in[0].shape;
  const auto codes = from_bytes<int8_t>(k.in[0].bytes), weight = from_bytes<int8_t>(k.weight);
  int64_t sum = from_bytes<int32_t>(k.bias)[static_cast<size_t>(oc)];
  for (int32_t ky = 0; ky < op.window.kernel_h; ++ky)
    for (int32_t kx = 0; kx < op.window.kernel_w; ++kx)
      for (int32_t c = 0; c < in.channels; ++c) {
        const int32_t iy = y * op.window.stride_h - op.window.pad_top + ky * op.window.dilation_h;
        const int32_t ix = x * op.window.stride_w - op.window.pad_left + kx * op.window.dilation_w;
        if (iy < 0 || ix < 0 || iy >= in.height || ix >= in.width) continue;
        const int32_t w = ((oc * op.window.kernel_h + ky) * op.window.kernel_w + kx) * in.channels + c;
        sum += (codes[static_cast<size_t>((iy * in.width + ix) * in.channels + c)] - k.in[0].zero_point) *
               weight[static_cast<size_t>(w)];
      }
  const auto i = static_cast<size_t>(oc);
  const int32_t code = scale_rounded(static_cast<int32_t>(sum), k.multiplier[i], k.shift[i]) + k.out.zero_point;
  return to_s8(code, k.clamps.low, k.clamps.high);
}

TEST(Conv2dS8, TheReferenceIsTheDefinition) {
  for (uint32_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    const KernelCase k = random_case<Conv2d>(OpCode::conv2d, DType::s8, random);
    const auto op = format::load_attributes<Conv2d>(k.attributes.data());
    std::vector<int8_t> expected;
    for (int32_t y = 0; y < k.out.shape.height; ++y)
      for (int32_t x = 0; x < k.out.shape.width; ++x)
        for (int32_t oc = 0; oc < k.out.shape.channels; ++oc) expected.push_back(by_definition(k, op, y, x, oc));
    EXPECT_EQ(answer<int8_t>(k), expected);
  }
}

void expect_every_kernel_agrees(const KernelCase& k) {
  const std::vector<int8_t> expected = answer<int8_t>(k);
  for (const kernels::KernelInfo* kernel : kernels_for(k))
    EXPECT_EQ(from_bytes<int8_t>(run(k, *kernel)), expected) << kernel->name;
}

// More weights than a kernel unpacks at once, more pixels than it makes of them, and a codebook for each 16 channels.
TEST(Conv2dFewBits, EveryKernelTakesChannelsInTurns) {
  for (const Types types : {kernels::s8_c4_s8, kernels::s8_c5_s8, kernels::s8_b1_s8}) {
    Random random(7);
    KernelCase k = make_case(OpCode::conv2d, types, Conv2d{.out_channels = 160, .window = {3, 3, 1, 1, 1, 1, 1, 1}},
                             {{20, 17, 65}});
    k.in[0].zero_point = -5, k.out.zero_point = 4;
    k.in[0].bytes = random_values(DType::s8, k.in[0].shape.elements(), random);
    k.weight = random_values(types.weight, k.weight_dims.elements(), random);
    k.codebook_channels = 16;
    k.codebook = random_codes(10 * codebook_entries(types.weight), random);
    const FixedScale scale = make_fixed_scale(0.002);
    k.multiplier.assign(160, scale.multiplier), k.shift.assign(160, scale.shift);
    expect_every_kernel_agrees(k);
  }
}

std::vector<int8_t> every_code() {
  std::vector<int8_t> codes;
  for (int code = -128; code <= 127; ++code) codes.push_back(static_cast<int8_t>(code));
  return codes;
}

// A pixel for every code and an output channel for every weight. An answer shows eight bits of a product, so the bias
// moves each part of its range in turn to where the answer does not end at a clamp.
TEST(Conv2dS8, EveryKernelMultipliesEveryCodeWithEveryWeight) {
  KernelCase k = make_case(OpCode::conv2d, DType::s8, Conv2d{.out_channels = 256}, {{16, 16, 1}});
  k.in[0].bytes = to_bytes(every_code());
  k.in[0].zero_point = -128;
  k.weight = to_bytes(every_code());
  for (int32_t part = -128; part <= 127 && !HasFailure(); ++part) {
    k.bias = to_bytes(std::vector<int32_t>(256, -256 * part));
    expect_every_kernel_agrees(k);
  }
}

// Nothing but the ends of both ranges, up to the widest sums that sum_fits allows. The bias takes the sum away again, so
// that one unit too much or too little shows in the answer.
TEST(Conv2dS8, EveryKernelAddsUpTheLargestProducts) {
  for (const int32_t channels : {1, 2, 3, 4, 7, 8, 70, 65793 / 2})
    for (const int8_t weight : {-128, 127})
      for (const int8_t code : {-128, 127}) {
        KernelCase k = make_case(OpCode::conv2d, DType::s8, Conv2d{.out_channels = 9}, {{1, 5, channels}});
        k.in[0].zero_point = code == 127 ? -128 : 127;
        k.in[0].bytes = to_bytes(std::vector<int8_t>(static_cast<size_t>(k.in[0].shape.elements()), code));
        k.weight = to_bytes(std::vector<int8_t>(static_cast<size_t>(9 * channels), weight));
        const int32_t sum = channels * (code - k.in[0].zero_point) * weight;
        k.bias = to_bytes(std::vector<int32_t>(9, -sum));
        EXPECT_EQ(answer<int8_t>(k), std::vector<int8_t>(45, 0));
        expect_every_kernel_agrees(k);
      }
}

// Higher than random cases are, and as high as vector kernels take.
TEST(Conv2dS8, EveryKernelTakesHighWindows) {
  for (const int32_t height : {8, 11, 12, 13}) {
    const Window window{height, 5, 4, 2, height / 2, 2, height - 1, 1};
    KernelCase k = make_case(OpCode::conv2d, DType::s8, Conv2d{.out_channels = 20, .window = window}, {{17, 9, 3}});
    Random random(static_cast<uint32_t>(height));
    k.in[0].bytes = random_values(DType::s8, k.in[0].shape.elements(), random);
    k.weight = random_values(DType::s8, k.weight_dims.elements(), random);
    k.in[0].zero_point = -7;
    for (int32_t& shift : k.shift) shift = 38;
    expect_every_kernel_agrees(k);
  }
}

// The input adds nothing: the sums are the biases.
TEST(Conv2dS8, EveryKernelRescalesAsTheReferenceDoes) {
  std::vector<int32_t> biases, multipliers, shifts;
  Random random(1);
  const int32_t most = INT32_MAX - 255 * 128;
  for (int32_t shift = 1; shift <= 62; ++shift)
    for (const int32_t multiplier : {0, 1, 1 << 30, INT32_MAX, random_between(random, 1 << 30, INT32_MAX)})
      for (const int32_t bias : {-most, -1, 0, 1, most, random_between(random, -most, most),
                                 random_between(random, -1000, 1000), random_between(random, -100000, 100000)})
        biases.push_back(bias), multipliers.push_back(multiplier), shifts.push_back(shift);
  const auto channels = static_cast<int32_t>(biases.size());
  for (const int32_t zero_point : {-128, 3, 127}) {
    KernelCase k = make_case(OpCode::conv2d, DType::s8, Conv2d{.out_channels = channels}, {{1, 1, 1}});
    k.in[0].bytes = to_bytes<int8_t>({0});
    k.bias = to_bytes(biases);
    k.multiplier = multipliers, k.shift = shifts;
    k.out.zero_point = zero_point;
    k.use(Activation::none);
    expect_every_kernel_agrees(k);
  }
}

}  // namespace
}  // namespace dimple::ops
