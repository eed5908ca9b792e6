#include "kernels/pack.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <numeric>
#include <span>
#include <vector>

namespace dimple::kernels {
namespace {

using format::Layout;
using ops::Axis;
using testing::Each;
using testing::ElementsAre;

// Weights 1, 2, 3 .. with a bias of 1000 for each channel.
struct Packed {
  std::vector<uint8_t> bytes;
  format::LayoutInfo layout;

  Packed(Layout l, const ops::Dims& weight, int32_t shift = 40, int32_t zero_in = 0, int32_t zero_out = 0)
      : bytes(static_cast<size_t>(format::packed_bytes(l, weight)), uint8_t{99}), layout(format::info_of(l)) {
    std::vector<int8_t> from(static_cast<size_t>(weight.elements()));
    std::iota(from.begin(), from.end(), int8_t{1});
    const auto channels = static_cast<size_t>(weight.extent(Axis::out));
    const std::vector<int32_t> bias(channels, 1000), multiplier(channels, 1 << 30), shifts(channels, shift);
    ops::Call call{};
    call.weight = from.data(), call.bias = bias.data();
    call.multiplier = multiplier.data(), call.shift = shifts.data();
    call.in[0].zero_point = zero_in, call.out.zero_point = zero_out;
    pack(l, DType::s8, weight, call, bytes.data());
  }

  // Weights [first, first + count) of a block.
  template <class T>
  std::vector<T> weights(size_t block_at, size_t first, size_t count) const {
    return read<T>(block_at + static_cast<size_t>(format::head_bytes(layout)) + first * sizeof(T), count);
  }
  // One of the rows of a block's head.
  std::vector<int32_t> head(size_t row) const {
    const auto lanes = static_cast<size_t>(layout.lanes);
    return read<int32_t>(row * lanes * 4, lanes);
  }

 private:
  template <class T>
  std::vector<T> read(size_t at, size_t count) const {
    std::vector<T> found(count);
    std::memcpy(found.data(), bytes.data() + at, count * sizeof(T));
    return found;
  }
};

TEST(Pack, PutsWeightsOfABlocksChannelsSideBySide) {
  const ops::Dims weight{{Axis::out, 9}, {Axis::in, 3}};
  const Packed got(Layout::out8_in2_s16, weight);
  EXPECT_THAT(got.weights<int16_t>(0, 0, 4), ElementsAre(1, 2, 4, 5));   // inputs 0 and 1 of outputs 0 and 1
  EXPECT_THAT(got.weights<int16_t>(0, 16, 4), ElementsAre(3, 0, 6, 0));  // input 2, and none
  const auto second = static_cast<size_t>(block_bytes(got.layout, weight));
  EXPECT_EQ(got.bytes.size(), 2 * second);
  EXPECT_THAT(got.weights<int16_t>(second, 0, 2), ElementsAre(25, 26));  // of output 8
  EXPECT_THAT(got.weights<int16_t>(second, 2, 14), Each(0));             // of outputs that are not there
}

TEST(Pack, ARowOfTheWindowIsOneProduct) {
  const Packed got(Layout::out16_in4_u8, {{Axis::out, 2}, {Axis::row, 2}, {Axis::column, 3}, {Axis::in, 1}});
  EXPECT_THAT(got.weights<int8_t>(0, 0, 8), ElementsAre(1, 2, 3, 0, 7, 8, 9, 0));
  EXPECT_THAT(got.weights<int8_t>(0, 64, 8), ElementsAre(4, 5, 6, 0, 10, 11, 12, 0));
}

TEST(Pack, TapsOfAColumnOfTheWindowStandSideBySide) {
  const Packed got(Layout::tap16x4_u8, {{Axis::row, 3}, {Axis::column, 2}, {Axis::out, 2}});
  EXPECT_THAT(got.weights<int8_t>(0, 0, 8), ElementsAre(1, 5, 9, 0, 2, 6, 10, 0));    // the first column
  EXPECT_THAT(got.weights<int8_t>(0, 64, 8), ElementsAre(3, 7, 11, 0, 4, 8, 12, 0));  // the second one
}

TEST(Pack, BitsOfAGroupStandSideBySide) {
  const std::vector<uint32_t> from{0x04030201, 0x08070605, 0x0C0B0A09, 0x100F0E0D};  // two words a channel
  const std::vector<int32_t> bias{5, 6}, multiplier(2, 1 << 30), shift(2, 40);
  ops::Call call{};
  call.weight = from.data(), call.bias = bias.data();
  call.multiplier = multiplier.data(), call.shift = shift.data();
  const ops::Dims weight{{Axis::out, 2}, {Axis::row, 1}, {Axis::column, 2}, {Axis::in, 32}};
  const auto packed = [&](Layout l) {
    std::vector<uint8_t> to(static_cast<size_t>(format::packed_bytes(l, weight)), uint8_t{99});
    pack(l, DType::b1, weight, call, to.data());
    EXPECT_THAT(std::span(to).first(8), ElementsAre(5, 0, 0, 0, 6, 0, 0, 0));  // no code is moved
    return std::vector(to.begin() + head_bytes(format::info_of(l)), to.end());
  };
  const std::vector<uint8_t> bytes = packed(Layout::out32_in8_b1), words = packed(Layout::out16_in32_b1);
  ASSERT_EQ(bytes.size(), 32u * 8);
  EXPECT_THAT(std::span(bytes).subspan(32, 3), ElementsAre(2, 10, 0));  // channels 8 .. 15 of the first word
  ASSERT_EQ(words.size(), 16u * 8);
  EXPECT_THAT(std::span(words).subspan(64, 9), ElementsAre(5, 6, 7, 8, 13, 14, 15, 16, 0));  // the second word
}

TEST(Pack, BitsBecomeCodesWhereALayoutHasThem) {
  const std::vector<uint32_t> from{0b101'011'110};  // three weights a channel, the first one lowest
  const std::vector<int32_t> bias{100, 100, 100}, multiplier(3, 1 << 30), shift(3, 40);
  ops::Call call{};
  call.weight = from.data(), call.bias = bias.data();
  call.multiplier = multiplier.data(), call.shift = shift.data();
  call.in[0].zero_point = 5;
  const ops::Dims weight{{Axis::out, 3}, {Axis::in, 3}};
  std::vector<int16_t> to(static_cast<size_t>(format::packed_bytes(Layout::out8_in2_s16, weight)) / 2);
  pack(Layout::out8_in2_s16, DType::b1, weight, call, to.data());
  const auto head = static_cast<size_t>(head_bytes(format::info_of(Layout::out8_in2_s16))) / 2;
  EXPECT_THAT(std::span(to).subspan(0, 6), ElementsAre(95, 0, 95, 0, 95, 0));
  EXPECT_THAT(std::span(to).subspan(head, 6), ElementsAre(-1, 1, 1, 1, 1, -1));
  EXPECT_THAT(std::span(to).subspan(head + 16, 6), ElementsAre(1, 0, -1, 0, 1, 0));
}

TEST(Pack, FloatsHaveTheirBiasInFront) {
  const std::vector<float> from{1, 2, 3, 4}, bias{5, 6};
  ops::Call call{};
  call.weight = from.data(), call.bias = bias.data();
  const ops::Dims weight{{Axis::out, 2}, {Axis::in, 2}};
  std::vector<float> to(static_cast<size_t>(format::packed_bytes(Layout::out8_f32, weight)) / 4, 9.0f);
  pack(Layout::out8_f32, DType::f32, weight, call, to.data());
  EXPECT_THAT(to, ElementsAre(5, 6, 0, 0, 0, 0, 0, 0, 1, 3, 0, 0, 0, 0, 0, 0, 2, 4, 0, 0, 0, 0, 0, 0));
}

TEST(PackHead, TakesOffWhatTheCodesWereMovedBy) {
  const ops::Dims weight{{Axis::out, 1}, {Axis::in, 3}};
  EXPECT_EQ(Packed(Layout::out8_in2_s16, weight, 40, 5).head(0)[0], 1000 - 5 * (1 + 2 + 3));
  EXPECT_EQ(Packed(Layout::out16_in4_u8, weight, 40, 5).head(0)[0], 1000 - (128 + 5) * (1 + 2 + 3));
}

TEST(PackHead, SaysWhereAScaleNeeds64Bits) {
  const ops::Dims weight{{Axis::out, 1}, {Axis::in, 1}};
  const auto shift = [&](int32_t s) { return Packed(Layout::out8_in2_s16, weight, s).head(3)[0]; };
  EXPECT_EQ(shift(32), -1);
  EXPECT_EQ(shift(33), 1);
  EXPECT_EQ(shift(54), 22);
  EXPECT_EQ(shift(55), -1);
  EXPECT_EQ(Packed(Layout::out8_in2_s16, weight, 40, 0, -3).head(2)[0], (1 << 7) - 3 * (1 << 8));
}

TEST(PackHead, BringsScalesToOneShiftWhereLanesHaveNoneOfTheirOwn) {
  const ops::Dims weight{{Axis::out, 1}, {Axis::in, 1}};
  const auto head = [&](int32_t shift, size_t row) {
    return Packed(Layout::out8_in2_s16_factor, weight, shift).head(row)[0];
  };
  EXPECT_EQ(head(32, 3), -1);
  EXPECT_EQ(head(40, 2), 1 << 18);
  EXPECT_EQ(head(40, 3), 1 << 12);
  EXPECT_EQ(head(52, 3), 1);
  EXPECT_EQ(head(53, 3), -1);
}

}  // namespace
}  // namespace dimple::kernels
