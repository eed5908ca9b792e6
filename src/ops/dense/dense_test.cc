#include "ops/dense/dense.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/kernel_case_testing.h"

namespace dimple::ops {
namespace {

using testing::ElementsAre;

TEST(Dense, ReadsItsInputInRowOrder) {
  KernelCase k = make_case(OpCode::dense, DType::f32, Dense{.units = 2}, {{1, 2, 2}});
  k.in[0].bytes = to_bytes<float>({1, 2, 3, 4});
  k.weight = to_bytes<float>({1, 0, 0, 1, 0, 10, 100, 0});
  k.bias = to_bytes<float>({0, -1});
  EXPECT_THAT(answer<float>(k), ElementsAre(5, 319));
}

TEST(Dense, InIntegersScalesEachUnitByItsOwn) {
  KernelCase k = make_case(OpCode::dense, DType::s8, Dense{.units = 2}, {{1, 1, 2}});
  k.in[0].zero_point = 1;
  k.in[0].bytes = to_bytes<int8_t>({3, 4});
  k.weight = to_bytes<int8_t>({10, 20, 10, 20});
  k.bias = to_bytes<int32_t>({0, 20});
  const FixedScale one = make_fixed_scale(1), tenth = make_fixed_scale(0.1);
  k.multiplier = {one.multiplier, tenth.multiplier};
  k.shift = {one.shift, tenth.shift};
  EXPECT_THAT(answer<int8_t>(k), ElementsAre(80, 10));
}

TEST(DenseS8, IsAOneByOneConvolution) {
  for (uint32_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    const KernelCase dense = random_case<Dense>(OpCode::dense, DType::s8, random);
    KernelCase k = dense;
    k.op = OpCode::conv2d;
    k.in[0].shape = {1, 1, static_cast<int32_t>(dense.in[0].shape.elements())};
    const Conv2d full{.out_channels = dense.out.shape.channels};
    k.attributes.resize(format::attribute_words<Conv2d>());
    format::store_attributes(full, k.attributes.data());
    EXPECT_EQ(answer<int8_t>(dense), answer<int8_t>(k));
  }
}

// Seven codes of five bits are more than a word: the last begins in the first and ends in the second.
TEST(Dense, CodesOfFiveBitsLieOverWords) {
  KernelCase k = make_case(OpCode::dense, kernels::s8_c5_s8, Dense{.units = 1}, {{1, 1, 7}});
  k.in[0].bytes = to_bytes<int8_t>({0, 0, 0, 0, 0, 1, 2});
  k.weight = to_bytes<uint32_t>({0b01'00011u << 25, 0b101});  // 3, then 0b10101
  k.codebook[3] = -20, k.codebook[0b10101] = 30;
  EXPECT_THAT(answer<int8_t>(k), ElementsAre(40));
}

}  // namespace
}  // namespace dimple::ops
