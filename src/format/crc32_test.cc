#include "base/crc32.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace dimple {
namespace {

Span<const uint8_t> span_of(const std::vector<uint8_t>& bytes) { return {bytes.data(), bytes.size()}; }

TEST(Crc32, OfItsKnownText) {
  const std::vector<uint8_t> digits{'1', '2', '3', '4', '5', '6', '7', '8', '9'};
  EXPECT_EQ(crc32(span_of(digits)), 0xCBF43926u);
  EXPECT_EQ(crc32({}), 0u);
}

TEST(Crc32, EveryFormGivesTheSame) {
  std::mt19937 random(1);
  for (size_t size = 0; size < 70; ++size) {
    std::vector<uint8_t> bytes(size);
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random());
    const uint32_t seed = random();
    uint32_t plain = ~seed;
    for (const uint8_t byte : bytes) plain = crc32_of_bits(plain ^ byte, 8);
    EXPECT_EQ(crc32_by_nibbles(span_of(bytes), seed), ~plain);
    EXPECT_EQ(crc32_by_slices(span_of(bytes), seed), ~plain);
  }
}

TEST(Crc32, GoesOnWhereItStopped) {
  const std::vector<uint8_t> bytes(100, 7);
  const Span<const uint8_t> all = span_of(bytes);
  EXPECT_EQ(crc32(all.subspan(33, 67), crc32(all.subspan(0, 33))), crc32(all));
}

}  // namespace
}  // namespace dimple
