// 64-bit FNV-1a, byte by byte: small, and enough to tell that two machines differ.
#pragma once
#include "base/span.h"

namespace dimple::selftest {

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

}  // namespace dimple::selftest
