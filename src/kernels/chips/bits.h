// Binary convolutions for processors that have no vectors and cannot count bits: counts are looked up (convolve_bits.h
// says the rest).
//
// Sixteen pixels are a tile. For each four channels of the input a table tells, for each of the 16 weights w that may
// stand against them, how many bits of each pixel differ: 16 bytes in four words. With a the bits of a pixel and w
// without bit b
//   count(a, w + 2^b)  =  count(a, w) + 1 - 2 * a_b
// so an entry follows from another by four sums. They are sums of whole words: a borrow leaves its byte only to come
// back, since every entry is 0 .. 4 in each byte. Pixels that have the tap outside the picture count 0 in all entries.
//
// Four weights of an output channel are then an index, four loads and four sums for 64 products; trees of carry-save
// adders take some eight instructions for 32. A table is as much work as looking it up 25 times.
//
// Words of W: add_entry<place>(counts, weights, tables), that of four weights out of eight times four, from the table
// of that place; store_pair(to, first, second).
#pragma once
#include "base/platform.h"
#include "kernels/chips/scratch.h"

namespace dimple::kernels::chips {

// Of four channels of the input, by weight. Bytes of four pixels are a word.
struct CountTable {
  uint32_t entries[16][kTileWords];
};

// Two words of all entries: `bits` has those of a pixel in the lower half of its byte.
template <class W>
DIMPLE_INLINE void make_table(const uint32_t (&bits)[2], const uint32_t* inside, uint32_t* to) {
  uint32_t more[4][2], counts[2]{};
#pragma GCC unroll 8
  for (int32_t i = 0; i < 8; ++i) {
    const uint32_t set = bits[i % 2] >> i / 2 & inside[i % 2];
    counts[i % 2] += set, more[i / 2][i % 2] = inside[i % 2] - 2 * set;
  }
  W::store_pair(to, counts[0], counts[1]);
  // In an order in which each weight differs from the one before it in one bit.
#pragma GCC unroll 16
  for (uint32_t step = 1; step < 16; ++step) {
    const uint32_t weight = step ^ step >> 1;
    const int32_t b = __builtin_ctz(step);
    const bool set = (weight >> b & 1) != 0;
#pragma GCC unroll 2
    for (int32_t i = 0; i < 2; ++i) {
      asm volatile("" : "+r"(counts[i]), "+r"(more[b][i]));  // compilers make longer sums of fewer
      counts[i] = set ? counts[i] + more[b][i] : counts[i] - more[b][i];
    }
    W::store_pair(to + weight * kTileWords, counts[0], counts[1]);
  }
}

// Of a word of 32 channels: `bits` [four pixels][byte of the word].
template <class W>
[[gnu::noinline]] static void make_tables(const uint32_t* bits, const uint32_t* inside, CountTable (&to)[8]) {
  for (int32_t first = 0; first < kTileWords; first += 2, bits += 8, inside += 2) {
    const uint32_t both[2] = {inside[0], inside[1]};
    for (int32_t i = 0; i < 8; ++i) {
      const int32_t byte = i / 2, shift = i % 2 * 4;
      make_table<W>({bits[byte] >> shift, bits[4 + byte] >> shift}, both, &to[i].entries[0][first]);
    }
  }
}

// What their weights look up, into the bytes of all channels of the blocks.
template <class W>
[[gnu::noinline]] static void look_up_counts(const CountTable (&tables)[8], const char* weights, int32_t block_bytes,
                                             int32_t blocks, uint32_t* bytes) {
  for (; blocks > 0; --blocks, weights += block_bytes) {
    const auto* word = reinterpret_cast<const uint32_t*>(weights);
    for (const uint32_t* const end = word + kBitLanes; word < end; ++word, bytes += kTileWords) {
      const uint32_t w = *word;
      uint32_t counts[kTileWords] = {bytes[0], bytes[1], bytes[2], bytes[3]};
      W::template add_entry<0>(counts, w, tables);
      W::template add_entry<1>(counts, w, tables);
      W::template add_entry<2>(counts, w, tables);
      W::template add_entry<3>(counts, w, tables);
      W::template add_entry<4>(counts, w, tables);
      W::template add_entry<5>(counts, w, tables);
      W::template add_entry<6>(counts, w, tables);
      W::template add_entry<7>(counts, w, tables);
      W::store_pair(bytes, counts[0], counts[1]);
      W::store_pair(bytes + 2, counts[2], counts[3]);
    }
  }
}

}  // namespace dimple::kernels::chips
