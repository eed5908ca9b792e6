// CRC-32 (the zlib polynomial), without a table: a program is checked once, and flash is dear.
#pragma once
#include "base/span.h"

namespace dimple {

constexpr uint32_t crc32(Span<const uint8_t> bytes, uint32_t seed = 0) {
  uint32_t crc = ~seed;
  for (const uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (0xEDB88320u & (0u - (crc & 1u)));
  }
  return ~crc;
}

}  // namespace dimple
