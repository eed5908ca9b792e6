// Binary convolutions of tiles of sixteen pixels (bits.h): their windows are copied first, so that a tile may lie over two
// rows of the output. Then the tables of each word of the windows are made once for up to kMostBitChannels output
// channels. A bit stands for +1 or -1, so of n bits that meet n bits
//   sum  =  n - 2 * (bits that differ)
// with n less where taps lie outside the picture.
//
// A word of weights adds at most 32 to a byte, which holds seven; then counts move on to 16 bits, which hold those of
// every call that is_of_few_bits().
//
// Words of W: add_even_bytes(sums, bytes), add_odd_bytes(sums, bytes): two of the four, to numbers of 16 bits;
// rescale(sum, multiplier, rounding, shift), to the nearest code.
#pragma once
#include "kernels/chips/bits.h"
#include "kernels/chips/head.h"
#include "ops/window_taps.h"

namespace dimple::kernels::chips {

// Bytes 0 .. 3 of four words, those of byte k in to[k].
DIMPLE_INLINE void transpose(uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t* to) {
  constexpr uint32_t kEven = 0x00FF00FF;
  const uint32_t ab = (a & kEven) | (b & kEven) << 8, cd = (c & kEven) | (d & kEven) << 8;
  const uint32_t ab_odd = (a >> 8 & kEven) | (b & ~kEven), cd_odd = (c >> 8 & kEven) | (d & ~kEven);
  to[0] = (ab & 0xFFFF) | cd << 16, to[2] = ab >> 16 | (cd & 0xFFFF0000);
  to[1] = (ab_odd & 0xFFFF) | cd_odd << 16, to[3] = ab_odd >> 16 | (cd_odd & 0xFFFF0000);
}

// Of four pixels, in a word: even bytes and odd ones become two halves each, and the halves are in order.
inline constexpr int32_t kByteOf[] = {0, 2, 1, 3};

struct BitTile {
  const ops::Call& call;
  const ops::Window& window;
  int32_t words;             // of a pixel
  CountTable (&tables)[8];   // all of these in scratch
  uint32_t* bytes;           // [channel][kTileWords]
  uint32_t* halves;          // [channel][kTileWords][even, odd]
  uint32_t* inside;          // [tap][kTileWords]
  uint32_t* bits;            // [tap][word][kTileWords][byte of the word]
  int32_t met[kTilePixels];  // bits of the windows that lie inside

  explicit BitTile(const ops::Call& c)
      : call(c),
        window(ops::attributes_of<ops::Conv2d>(c).window),
        words(c.in[0].channels / 32),
        tables(*static_cast<CountTable (*)[8]>(c.scratch)),
        bytes(reinterpret_cast<uint32_t*>(&tables + 1)),
        halves(bytes + bit_channels(c) * kTileWords),
        inside(halves + bit_channels(c) * kTileWords * 2),
        bits(inside + window.kernel_h * window.kernel_w * kTileWords) {}

  int32_t taps() const { return window.kernel_h * window.kernel_w; }
};

// What the windows of `count` pixels show of the input. Others, and taps outside the picture, are somewhere in it and
// not inside.
[[gnu::noinline]] static void copy_windows(BitTile& tile, int32_t pixel, int32_t count) {
  const ops::Tensor &in = tile.call.in[0], &out = tile.call.out;
  const ops::Window& window = tile.window;
  const auto* const data = static_cast<const uint32_t*>(in.data);
  int32_t rows[kTilePixels], columns[kTilePixels];
#pragma GCC unroll 1
  for (int32_t p = 0; p < kTilePixels; ++p) {
    const int32_t y = (pixel + p) / out.width, x = (pixel + p) - y * out.width;
    rows[p] = p < count ? y * window.stride_h - window.pad_top : in.height;
    columns[p] = x * window.stride_w - window.pad_left;
    tile.met[p] = 0;
  }
  uint32_t *inside = tile.inside, *to = tile.bits;
  for (int32_t ky = 0; ky < window.kernel_h; ++ky)
    for (int32_t kx = 0; kx < window.kernel_w; ++kx, inside += kTileWords) {
      const uint32_t* from[kTilePixels];
#pragma GCC unroll 1
      for (int32_t p = 0; p < kTilePixels; ++p) {
        const int32_t y = rows[p] + ky * window.dilation_h, x = columns[p] + kx * window.dilation_w;
        const bool is_inside = y >= 0 && y < in.height && x >= 0 && x < in.width;
        from[p] = data + (is_inside ? (y * in.width + x) * tile.words : 0);
        tile.met[p] += is_inside ? in.channels : 0;
        uint32_t& four = inside[p / 4];
        four = (p % 4 == 0 ? 0 : four) | static_cast<uint32_t>(is_inside) << kByteOf[p % 4] * 8;
      }
      for (int32_t word = 0; word < tile.words; ++word)
#pragma GCC unroll 1
        for (int32_t p = 0; p < kTilePixels; p += 4, to += 4)
          transpose(from[p][word], from[p + 2][word], from[p + 1][word], from[p + 3][word], to);
    }
}

// Bytes of `channels` channels into their 16 bits; at first there is nothing in these.
template <class W>
[[gnu::noinline]] static void settle_counts(BitTile& tile, int32_t channels, bool first) {
  uint32_t *bytes = tile.bytes, *halves = tile.halves;
  for (const uint32_t* const end = bytes + channels * kTileWords; bytes < end; ++bytes, halves += 2) {
    halves[0] = W::add_even_bytes(first ? 0 : halves[0], *bytes);
    halves[1] = W::add_odd_bytes(first ? 0 : halves[1], *bytes);
    *bytes = 0;
  }
}

// Of the blocks from `block` on; bytes hold zeros, before and after.
template <class W>
DIMPLE_INLINE void count_bits(BitTile& tile, const char* block, int32_t block_bytes, int32_t blocks) {
  constexpr int32_t kMostWords = 7;
  const char* weights = block + sizeof(Head<kBitLanes>);
  const uint32_t *inside = tile.inside, *bits = tile.bits;
  bool first = true;
  int32_t room = kMostWords;
  for (int32_t tap = tile.taps(); tap > 0; --tap, inside += kTileWords)
    for (int32_t word = tile.words; word > 0; --word, bits += kTilePixels, weights += kBitLanes * 4) {
      if (room-- == 0) settle_counts<W>(tile, blocks * kBitLanes, first), first = false, room = kMostWords - 1;
      make_tables<W>(bits, inside, tile.tables);
      look_up_counts<W>(tile.tables, weights, block_bytes, blocks, tile.bytes);
    }
  settle_counts<W>(tile, blocks * kBitLanes, first);
}

// A channel of `count` pixels.
template <class W>
[[gnu::noinline]] static void write_channel(const BitTile& tile, int32_t channel, const char* block,
                                            const uint32_t* halves, int32_t count, int8_t* to) {
  const ops::Call& call = tile.call;
  const int32_t lane = channel % kBitLanes, channels = call.out.channels, low = call.clamp_low, high = call.clamp_high;
  const auto& head = *reinterpret_cast<const Head<kBitLanes>*>(block);
  const int32_t bias = head.bias[lane], multiplier = head.multiplier[lane], rounding = head.rounding[lane],
                shift = head.shift[lane];
  const bool some_codes = low != -128 || high != 127;
#pragma GCC unroll 1
  for (int32_t p = 0; p < count; ++p, to += channels) {
    uint16_t differ;
    copy_bytes(&differ, reinterpret_cast<const uint8_t*>(halves) + 2 * p, sizeof differ);
    const int32_t sum = bias + tile.met[p] - 2 * differ;
    if (shift >= 0) {
      const int32_t code = W::rescale(sum, multiplier, rounding, shift);
      *to = static_cast<int8_t>(some_codes ? clamp(code, low, high) : code);
    } else {
      write_codes(call, &sum, channel, 1, to);
    }
  }
}

template <class W>
DIMPLE_INLINE void convolve_bits(const ops::Call& call, ops::Range rows) {
  BitTile tile(call);
  const int32_t channels = call.out.channels;
  const int32_t block_bytes = static_cast<int32_t>(sizeof(Head<kBitLanes>)) + tile.taps() * tile.words * kBitLanes * 4;
  fill_bytes(tile.bytes, 0, static_cast<size_t>(bit_channels(call)) * kTilePixels);
  const ops::Range pixels = ops::pixels_of(call.out, rows);
  for (int32_t pixel = pixels.first; pixel < pixels.last; pixel += kTilePixels) {
    const int32_t count = min_of(kTilePixels, pixels.last - pixel);
    copy_windows(tile, pixel, count);
    const auto* block = static_cast<const char*>(call.weight);
    for (int32_t first = 0; first < channels; first += kMostBitChannels) {
      const int32_t some = min_of(kMostBitChannels, channels - first);
      count_bits<W>(tile, block, block_bytes, (some + kBitLanes - 1) / kBitLanes);
      auto* const to = static_cast<int8_t*>(call.out.data) + pixel * channels + first;
      for (int32_t i = 0; i < some; ++i) {
        write_channel<W>(tile, first + i, block, tile.halves + i * kTileWords * 2, count, to + i);
        if (i % kBitLanes == kBitLanes - 1 || i == some - 1) block += block_bytes;
      }
    }
  }
}

}  // namespace dimple::kernels::chips
