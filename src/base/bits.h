// What is done with single bits: how many are set, and a hash.
#pragma once
#include "base/span.h"

namespace dimple {

// Adds up neighbours: pairs, fours, bytes, all four bytes at once. Microcontrollers have no instruction for it.
constexpr int32_t popcount(uint32_t word) {
  word -= (word >> 1) & 0x55555555u;
  word = (word & 0x33333333u) + ((word >> 2) & 0x33333333u);
  word = (word + (word >> 4)) & 0x0F0F0F0Fu;
  return static_cast<int32_t>((word * 0x01010101u) >> 24);
}

// 64-bit FNV-1a, byte by byte: small, and enough to tell that two machines differ.
struct Fnv1a {
  uint64_t state = 0xCBF29CE484222325u;

  void add(Span<const uint8_t> bytes) {
    for (const uint8_t byte : bytes) state = (state ^ byte) * 0x100000001B3u;
  }
  void add(int32_t value) {
    for (int shift = 0; shift < 32; shift += 8)
      state = (state ^ ((static_cast<uint32_t>(value) >> shift) & 0xFF)) * 0x100000001B3u;
  }
};

}  // namespace dimple
