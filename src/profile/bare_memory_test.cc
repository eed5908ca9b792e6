// The memory functions of bare machines, under other names beside the host's own.
#include <gtest/gtest.h>

#include <cstring>
#include <vector>

namespace dimple::bare {
#define memcpy bare_memcpy
#define memmove bare_memmove
#define memset bare_memset
#define memcmp bare_memcmp
#define restrict __restrict
#include "../../targets/bare/memory.c"
#undef memcpy
#undef memmove
#undef memset
#undef memcmp
#undef restrict

namespace {

constexpr size_t kRoom = 64;

std::vector<uint8_t> numbered() {
  std::vector<uint8_t> bytes(kRoom);
  for (size_t i = 0; i < kRoom; ++i) bytes[i] = static_cast<uint8_t>(i + 1);
  return bytes;
}

// Every alignment of both sides, every length, every overlap in a room of 64 bytes.
TEST(BareMemory, MovesAsTheStandardSays) {
  for (size_t to = 0; to < 24; ++to) {
    for (size_t from = 0; from < 24; ++from) {
      for (size_t count = 0; count < 40; ++count) {
        std::vector<uint8_t> expected = numbered(), actual = numbered();
        std::memmove(expected.data() + to, expected.data() + from, count);
        EXPECT_EQ(bare_memmove(actual.data() + to, actual.data() + from, count), actual.data() + to);
        ASSERT_EQ(actual, expected) << count << " bytes from " << from << " to " << to;
      }
    }
  }
}

TEST(BareMemory, CopiesAndFillsExactlyTheBytesAskedFor) {
  const std::vector<uint8_t> source = numbered();
  for (size_t to = 0; to < 8; ++to) {
    for (size_t from = 0; from < 8; ++from) {
      for (size_t count = 0; count < 40; ++count) {
        std::vector<uint8_t> expected(kRoom, 0xEE), actual(kRoom, 0xEE);
        std::memcpy(expected.data() + to, source.data() + from, count);
        bare_memcpy(actual.data() + to, source.data() + from, count);
        ASSERT_EQ(actual, expected);
        std::memset(expected.data() + to, 0x1A5, count);
        bare_memset(actual.data() + to, 0x1A5, count);
        ASSERT_EQ(actual, expected);
      }
    }
  }
}

TEST(BareMemory, ComparesAsUnsignedBytes) {
  EXPECT_EQ(bare_memcmp("abc", "abc", 3), 0);
  EXPECT_LT(bare_memcmp("ab", "a\xFF", 2), 0);
  EXPECT_GT(bare_memcmp("b", "a", 1), 0);
  EXPECT_EQ(bare_memcmp("b", "a", 0), 0);
}

}  // namespace
}  // namespace dimple::bare
