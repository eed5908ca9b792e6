// CRC-32 (the zlib polynomial).
#pragma once
#include "base/memory.h"
#include "base/span.h"

namespace dimple {

// `bits` bits of a remainder, divided: what they add to the next.
constexpr uint32_t crc32_of_bits(uint32_t remainder, int bits) {
  for (int bit = 0; bit < bits; ++bit) remainder = (remainder >> 1) ^ (0xEDB88320u & (0u - (remainder & 1u)));
  return remainder;
}

// Half a byte at a time, with 64 bytes of table: where flash is dear.
struct Crc32Nibbles {
  uint32_t of[16]{};

  constexpr Crc32Nibbles() {
    for (uint32_t i = 0; i < 16; ++i) of[i] = crc32_of_bits(i, 4);
  }
};

// Eight bytes at a time, with 8 KB of tables: of[k][b] is what byte b adds with k bytes behind it.
struct Crc32Slices {
  uint32_t of[8][256]{};

  constexpr Crc32Slices() {
    for (uint32_t b = 0; b < 256; ++b) of[0][b] = crc32_of_bits(b, 8);
    for (int k = 1; k < 8; ++k)
      for (uint32_t b = 0; b < 256; ++b) of[k][b] = of[0][of[k - 1][b] & 0xFF] ^ (of[k - 1][b] >> 8);
  }
};

template <class Tables>
inline constexpr Tables kCrc32Tables{};

inline uint32_t crc32_by_nibbles(Span<const uint8_t> bytes, uint32_t seed) {
  const auto& of = kCrc32Tables<Crc32Nibbles>.of;
  uint32_t crc = ~seed;
  for (const uint8_t byte : bytes) {
    crc ^= byte;
    crc = of[crc & 15] ^ (crc >> 4);
    crc = of[crc & 15] ^ (crc >> 4);
  }
  return ~crc;
}

inline uint32_t crc32_by_slices(Span<const uint8_t> bytes, uint32_t seed) {
  const auto& of = kCrc32Tables<Crc32Slices>.of;
  uint32_t crc = ~seed;
  size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    uint32_t low, high;
    copy_bytes(&low, bytes.data() + i, 4), copy_bytes(&high, bytes.data() + i + 4, 4);
    low ^= crc;
    crc = of[7][low & 0xFF] ^ of[6][low >> 8 & 0xFF] ^ of[5][low >> 16 & 0xFF] ^ of[4][low >> 24] ^ of[3][high & 0xFF] ^
          of[2][high >> 8 & 0xFF] ^ of[1][high >> 16 & 0xFF] ^ of[0][high >> 24];
  }
  for (; i < bytes.size(); ++i) crc = of[0][(crc ^ bytes[i]) & 0xFF] ^ (crc >> 8);
  return ~crc;
}

// Chips and browsers load a program once, of a few hundred kilobytes; hosts open files of many megabytes.
inline uint32_t crc32(Span<const uint8_t> bytes, uint32_t seed = 0) {
  if constexpr (sizeof(void*) == 8) return crc32_by_slices(bytes, seed);
  return crc32_by_nibbles(bytes, seed);
}

}  // namespace dimple
