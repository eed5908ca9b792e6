// Depthwise convolution, a slice of four channels at a time. For each row of the output, the rows under its windows are
// widened to 16 bits and interleaved in scratch, so that SMLAD takes two taps of a column of the window:
//
//   scratch  [column][pair of rows][channel], two codes in a word; and in the place of a pair, of a row that has none
//            to pair with, channels 0 and 2 in a word and channels 1 and 3
//   weights  wide: tap4x2_s16, in the same order. Rows are paired as 0 1, 2 3; the last of an odd number stays alone.
//            compact: tap4x4_s8, of which SXTB16 makes weights 0, 2 and 1, 3 of four rows. Rows are paired as 0 2, 1 3,
//            4 6, 5 7; of three that are left the middle one stays alone, of two or one each
//
// Borders hold the zero point, so that every pixel takes all taps. Exact as the product is (product_s8.h).
#include "base/platform.h"
#include "kernels/chips/head.h"
#include "kernels/chips/scratch.h"
#include "kernels/cortex_m_dsp/simd.h"

using namespace dimple;
using namespace dimple::ops;
using namespace dimple::kernels;
using namespace dimple::kernels::cortex_m_dsp;

namespace {

using Head = chips::Head<kLanes>;

struct Slices {
  const Call& call;
  const Window& window;
  uint32_t* mixed;
  uint32_t zeros;               // four zero points
  int32_t columns, left, last;  // in scratch; those of the input are [left, last)
  int32_t words;                // of a column
  int32_t apart;                // the rows of a pair
  bool saturates;               // rescale() is all that there is to do
};

// How far apart the rows of a pair are. Rows are taken the first of a pair or a single one at a time.
template <Weights kWeights>
constexpr int32_t kApart = kWeights == Weights::wide ? 1 : 2;
constexpr int32_t next_row(int32_t row, int32_t apart) { return row + (apart == 1 ? 2 : row % 2 == 0 ? 1 : 3); }

// Rows whose weights of a channel share a word, and words of a column of the window.
template <Weights kWeights>
constexpr int32_t kGroup = kWeights == Weights::wide ? 2 : 4;
template <Weights kWeights>
constexpr int32_t column_weights(const Window& window) {
  return (window.kernel_h + kGroup<kWeights> - 1) / kGroup<kWeights> * kLanes;
}

// Of a row and the one that it is paired with.
template <Weights kWeights>
uint32_t weights_of(const uint32_t* column, int32_t row, int32_t channel) {
  const uint32_t word = column[row / kGroup<kWeights> * kLanes + channel];
  if constexpr (kWeights == Weights::wide) return word;
  return row % 2 == 0 ? widen_even(word) : widen_odd(word);
}

// Codes of channels that lie side by side; fewer than four are filled up.
template <bool kFour>
uint32_t codes_of(const int8_t* at, int32_t channels) {
  if constexpr (kFour) return four_codes(at);
  uint32_t word = 0;
  copy_bytes(&word, at, static_cast<size_t>(channels));
  return word;
}

// Where the codes of a row lie, and the way from one pixel to the next: none above and below the picture.
struct Row {
  const int8_t* at;
  int32_t step;
};
Row row_of(const Slices& s, int32_t y, int32_t channel) {
  const Tensor& in = s.call.in[0];
  if (y < 0 || y >= in.height) return {reinterpret_cast<const int8_t*>(&s.zeros), 0};
  return {static_cast<const int8_t*>(in.data) + y * in.width * in.channels + channel, in.channels};
}

// The rows from `top`, of up to four channels.
template <bool kFour>
[[gnu::noinline]] void mix(const Slices& s, int32_t top, int32_t channel, int32_t count) {
  const int32_t rows = s.window.kernel_h, words = s.words;
  uint32_t* to = s.mixed + s.left * words;
  const int32_t columns = s.last - s.left;
  for (int32_t row = 0; row < rows; row = next_row(row, s.apart)) {
    Row a = row_of(s, top + row, channel);
    uint32_t* at = to;
    if (row + s.apart < rows) {
      Row b = row_of(s, top + row + s.apart, channel);
      for (int32_t i = 0; i < columns; ++i, a.at += a.step, b.at += b.step, at += words) {
        const uint32_t first = codes_of<kFour>(a.at, count), second = codes_of<kFour>(b.at, count);
        const uint32_t even = widen_even(first), odd = widen_odd(first);
        const uint32_t even_below = widen_even(second), odd_below = widen_odd(second);
        at[0] = low_halves(even, even_below), at[1] = low_halves(odd, odd_below);
        at[2] = high_halves(even, even_below), at[3] = high_halves(odd, odd_below);
      }
      to += kLanes;
    } else {
      for (int32_t i = 0; i < columns; ++i, a.at += a.step, at += words) {
        const uint32_t codes = codes_of<kFour>(a.at, count);
        at[0] = widen_even(codes), at[1] = widen_odd(codes);
      }
      to += kLanes / 2;
    }
  }
}

// Three rows within the picture, of four channels, in one go: 16 instructions for a column. Rows are walked by an offset
// that counts up to 0.
[[gnu::noinline]] void mix_three(const Slices& s, int32_t top, int32_t channel) {
  const int32_t step = s.call.in[0].channels, bytes = (s.last - s.left) * step;
  const int8_t* a = row_of(s, top, channel).at + bytes;
  const int8_t* b = row_of(s, top + s.apart, channel).at + bytes;
  const int8_t* c = row_of(s, top + 3 - s.apart, channel).at + bytes;
  uint32_t* to = s.mixed + s.left * s.words;
  int32_t offset = -bytes;
  if (bytes <= 0) return;
  asm volatile(
      "1:\n"
      "ldr r1, [%[a], %[offset]]\n"
      "ldr r5, [%[b], %[offset]]\n"
      "ldr r8, [%[c], %[offset]]\n"
      "sxtb16 r0, r1\n"
      "sxtb16 r1, r1, ror #8\n"
      "sxtb16 r4, r5\n"
      "sxtb16 r5, r5, ror #8\n"
      "pkhbt r2, r0, r4, lsl #16\n"
      "pkhbt r3, r1, r5, lsl #16\n"
      "pkhtb r4, r4, r0, asr #16\n"
      "pkhtb r5, r5, r1, asr #16\n"
      "sxtb16 r6, r8\n"
      "sxtb16 r8, r8, ror #8\n"
      "stmia %[to]!, {r2, r3, r4, r5, r6, r8}\n"
      "adds %[offset], %[step]\n"
      "bne 1b\n"
      : [to] "+&r"(to), [offset] "+&r"(offset)
      : [a] "r"(a), [b] "r"(b), [c] "r"(c), [step] "r"(step)
      : "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r8", "cc", "memory");
}

// A row of the output, four channels, windows of 3 x 3. Sums: r4, r5, r6, r12.
template <Weights kWeights>
DIMPLE_INLINE void write_row_3x3(const Slices& s, const char* block, int8_t* to) {
  const uint32_t* codes = s.mixed;
  const int32_t channels = s.call.out.channels, back = (s.window.stride_w - 3) * s.words * 4;
  const int8_t* const end = to + s.call.out.width * channels;
  constexpr bool kWide = kWeights == Weights::wide;
  constexpr int32_t kToMultiplier = static_cast<int32_t>(sizeof(Head)) + 3 * kLanes * 4 * (kWide ? 2 : 1) - 16;
  asm volatile(
      "1:\n"
      "ldmia %[block]!, {r4, r5, r6, r12}\n"
      "add %[block], #48\n"
      ".if %c[wide]\n"
      ".rept 3\n"
      "ldmia %[codes]!, {r0, r1, r2, r3}\n"
      "ldmia %[block]!, {r8, r9, r10, r11}\n"
      "smlad r4, r0, r8, r4\n"
      "smlad r5, r1, r9, r5\n"
      "smlad r6, r2, r10, r6\n"
      "smlad r12, r3, r11, r12\n"
      "ldmia %[codes]!, {r0, r1}\n"
      "ldmia %[block]!, {r8, r9, r10, r11}\n"
      "smlabb r4, r0, r8, r4\n"
      "smlabb r5, r1, r9, r5\n"
      "smlatb r6, r0, r10, r6\n"
      "smlatb r12, r1, r11, r12\n"
      ".endr\n"
      ".else\n"
      ".rept 3\n"
      "ldmia %[block]!, {r8, r9, r10, r11}\n"
      "ldmia %[codes]!, {r0, r1}\n"
      "sxtb16 r2, r8\n"
      "sxtb16 r3, r9\n"
      "smlad r4, r0, r2, r4\n"
      "smlad r5, r1, r3, r5\n"
      "ldmia %[codes]!, {r0, r1}\n"
      "sxtb16 r2, r10\n"
      "sxtb16 r3, r11\n"
      "smlad r6, r0, r2, r6\n"
      "smlad r12, r1, r3, r12\n"
      "ldmia %[codes]!, {r0, r1}\n"
      "sxtb16 r8, r8, ror #8\n"
      "sxtb16 r9, r9, ror #8\n"
      "sxtb16 r10, r10, ror #8\n"
      "sxtb16 r11, r11, ror #8\n"
      "smlabb r4, r0, r8, r4\n"
      "smlabb r5, r1, r9, r5\n"
      "smlatb r6, r0, r10, r6\n"
      "smlatb r12, r1, r11, r12\n"
      ".endr\n"
      ".endif\n"
      "sub %[block], %[to_multiplier]\n"
      "ldmia %[block]!, {r0, r1, r2, r3}\n"
      "ldmia %[block]!, {r8, r9, r10, r11}\n"
      "smmla r4, r4, r0, r8\n"
      "smmla r5, r5, r1, r9\n"
      "smmla r6, r6, r2, r10\n"
      "smmla r12, r12, r3, r11\n"
      "ldmia %[block], {r0, r1, r2, r3}\n"
      "asr r4, r4, r0\n"
      "asr r5, r5, r1\n"
      "asr r6, r6, r2\n"
      "asr r12, r12, r3\n"
      "ldr r0, %[to]\n"
      "ssat r4, #8, r4\n"
      "ssat r5, #8, r5\n"
      "ssat r6, #8, r6\n"
      "ssat r12, #8, r12\n"
      "ldr r1, %[channels]\n"
      "strb r5, [r0, #1]\n"
      "strb r6, [r0, #2]\n"
      "strb r12, [r0, #3]\n"
      "strb r4, [r0]\n"
      "add r0, r1\n"
      "str r0, %[to]\n"
      "ldr r2, %[back]\n"
      "ldr r3, %[end]\n"
      "sub %[block], #48\n"
      "add %[codes], r2\n"
      "cmp r0, r3\n"
      "bne 1b\n"
      : [codes] "+&r"(codes), [block] "+&r"(block), [to] "+m"(to)
      :
      [channels] "m"(channels), [back] "m"(back), [end] "m"(end), [wide] "i"(kWide), [to_multiplier] "i"(kToMultiplier)
      : "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r8", "r9", "r10", "r11", "r12", "cc", "memory");
}

// The same for every window, and for channels that are fewer, or want more than rescale().
template <Weights kWeights>
[[gnu::noinline]] void write_row(const Slices& s, const char* block, int32_t channel, int32_t count, int8_t* to) {
  const auto* const head = reinterpret_cast<const Head*>(block);
  const int32_t step = s.window.stride_w * s.words, taps = s.window.kernel_h;
  for (int32_t x = 0; x < s.call.out.width; ++x, to += s.call.out.channels) {
    const auto* weights = reinterpret_cast<const uint32_t*>(head + 1);
    const uint32_t* codes = s.mixed + x * step;
    int32_t sums[kLanes];
    for (int32_t c = 0; c < kLanes; ++c) sums[c] = head->bias[c];
    for (int32_t kx = 0; kx < s.window.kernel_w; ++kx, weights += column_weights<kWeights>(s.window))
      for (int32_t row = 0; row < taps; row = next_row(row, kApart<kWeights>)) {
        uint32_t w[kLanes];
        for (int32_t c = 0; c < kLanes; ++c) w[c] = weights_of<kWeights>(weights, row, c);
        if (row + kApart<kWeights> < taps) {
          for (int32_t c = 0; c < kLanes; ++c) sums[c] = add_products(sums[c], codes[c], w[c]);
          codes += kLanes;
        } else {
          sums[0] = add_low_product(sums[0], codes[0], w[0]);
          sums[1] = add_low_product(sums[1], codes[1], w[1]);
          sums[2] = add_high_product(sums[2], codes[0], w[2]);
          sums[3] = add_high_product(sums[3], codes[1], w[3]);
          codes += kLanes / 2;
        }
      }
    if (s.saturates && count == kLanes)
      for (int32_t c = 0; c < kLanes; ++c)
        to[c] = static_cast<int8_t>(rescale(sums[c], head->multiplier[c], head->rounding[c], head->shift[c]));
    else
      chips::write_codes(s.call, sums, channel, count, to);
  }
}

// Those words of scratch that are of the border, the same for all slices and rows.
void fill_borders(const Slices& s) {
  const Tensor& in = s.call.in[0];
  for (int32_t i = 0; i < s.left * s.words; ++i) s.mixed[i] = both(in.zero_point);
  for (int32_t i = s.last * s.words; i < s.columns * s.words; ++i) s.mixed[i] = both(in.zero_point);
}

template <Weights kWeights>
DIMPLE_INLINE void depthwise(const DimpleCall* call, DimpleRange rows) {
  const Window& window = attributes_of<DepthwiseConv2d>(*call).window;
  const int32_t columns = ops::reached_columns(*call, window);
  const int32_t left = min_of(window.pad_left, columns), last = min_of(left + call->in[0].width, columns);
  const int32_t block_bytes =
      static_cast<int32_t>(sizeof(Head)) + window.kernel_w * column_weights<kWeights>(window) * 4;
  const Slices s{
      .call = *call,
      .window = window,
      .mixed = static_cast<uint32_t*>(call->scratch),
      .zeros = (static_cast<uint32_t>(call->in[0].zero_point) & 0xFFu) * 0x01010101u,
      .columns = columns,
      .left = left,
      .last = last,
      .words = chips::column_words(window),
      .apart = kApart<kWeights>,
      .saturates = call->clamp_low == -128 && call->clamp_high == 127 && chips::all_narrow<kLanes>(*call, block_bytes)};
  fill_borders(s);
  const bool by_three = window.kernel_h == 3 && window.kernel_w == 3 && s.saturates;
  auto* to = static_cast<int8_t*>(call->out.data) + elements_of(call->out, rows).first;
  const int32_t channels = call->out.channels;
  for (int32_t y = rows.first; y < rows.last; ++y, to += call->out.width * channels) {
    const auto* block = static_cast<const char*>(call->weight);
    for (int32_t channel = 0; channel < channels; channel += kLanes, block += block_bytes) {
      const int32_t count = min_of(kLanes, channels - channel), top = y * window.stride_h - window.pad_top;
      if (count == kLanes && window.kernel_h == 3 && top >= 0 && top + 3 <= call->in[0].height)
        mix_three(s, top, channel);
      else if (count == kLanes)
        mix<true>(s, top, channel, count);
      else
        mix<false>(s, top, channel, count);
      if (by_three && count == kLanes)
        write_row_3x3<kWeights>(s, block, to + channel);
      else
        write_row<kWeights>(s, block, channel, count, to + channel);
    }
  }
}

}  // namespace

extern "C" void depthwise_conv2d_s8_cortex_m_dsp(const DimpleCall* call, DimpleRange rows) {
  depthwise<Weights::wide>(call, rows);
}
extern "C" void depthwise_conv2d_s8_compact_cortex_m_dsp(const DimpleCall* call, DimpleRange rows) {
  depthwise<Weights::compact>(call, rows);
}
