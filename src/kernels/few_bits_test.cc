// What kernels unpack, held against what kernels/pack.h packs.
#include <gtest/gtest.h>

#include "kernels/few_bits/unpack.h"
#include "kernels/kernel.h"
#include "kernels/pack.h"
#include "ops/kernel_case_testing.h"

namespace dimple::kernels {
namespace {

// The same weights as s8.
ops::KernelCase in_s8(const ops::KernelCase& k) {
  ops::KernelCase plain = k;
  plain.types = s8_s8_s8;
  std::vector<int8_t> weights;
  const auto words = ops::from_bytes<uint32_t>(k.weight);
  for (int64_t i = 0; i < k.weight_dims.elements(); ++i) {
    const auto channel = static_cast<int32_t>(i / k.weight_dims.per_channel()) / k.codebook_channels;
    weights.push_back(
        k.codebook[static_cast<size_t>(channel) * 32 + ops::code_at(words.data(), 5, static_cast<uint32_t>(i))]);
  }
  plain.weight = ops::to_bytes(weights);
  return plain;
}

template <Layout kLayout>
void expect_same_as_packed() {
  for (uint32_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(std::string(name_of(kLayout)) + ", seed " + std::to_string(seed));
    ops::Random random(seed);
    const ops::KernelCase k = ops::random_case<ops::Conv2d>(ops::OpCode::conv2d, s8_c5_s8, random), plain = in_s8(k);
    std::vector<std::vector<uint8_t>> in = k.input_bytes();
    std::vector<uint8_t> wanted(static_cast<size_t>(format::packed_bytes(kLayout, k.weight_dims)));
    pack(kLayout, DType::s8, k.weight_dims, plain.call(in, nullptr), wanted.data());
    const ops::Call call = k.call(in, nullptr);
    const few_bits::Block block = few_bits::block_of(info_of(kLayout), call);
    ASSERT_EQ(block.bytes, format::block_bytes(info_of(kLayout), k.weight_dims));
    std::vector<uint8_t> got(wanted.size(), 0xA5);
    few_bits::unpack<kLayout>(call, block, 5, 0, k.out.shape.channels, got.data());
    // The padding between the weights of a block and its boundary has no defined value.
    const int64_t weights = block.rows * round_up<int64_t>(block.row_length, info_of(kLayout).group) *
                            info_of(kLayout).lanes * info_of(kLayout).weight_bytes;
    const auto used = static_cast<ptrdiff_t>(format::head_bytes(info_of(kLayout)) + weights);
    for (auto at = 0; at < static_cast<ptrdiff_t>(wanted.size()); at += block.bytes)
      ASSERT_TRUE(std::equal(wanted.begin() + at, wanted.begin() + at + used, got.begin() + at)) << at / block.bytes;
  }
}

TEST(FewBits, AreUnpackedIntoWhatWeightsOfEightBitsArePackedInto) {
  expect_same_as_packed<Layout::out8_in2_s16>();
  expect_same_as_packed<Layout::out16_in4_u8>();
  expect_same_as_packed<Layout::out8_in1_s16>();
  expect_same_as_packed<Layout::out8_in2_s16_factor>();
  expect_same_as_packed<Layout::window4x2_s16>();
  expect_same_as_packed<Layout::window4_s8>();
  expect_same_as_packed<Layout::window4x16_s8>();
}

}  // namespace
}  // namespace dimple::kernels
