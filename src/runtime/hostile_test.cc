// Every byte of a program changed in several ways, with the checksum made right again: it is refused, or runs within
// its arena. Under the sanitizers this also covers reads.
#include "runtime/hostile_testing.h"

#include <gtest/gtest.h>

#include <random>

namespace dimple::runtime {
namespace {

class HostileProgram : public testing::TestWithParam<std::vector<uint8_t>> {};

INSTANTIATE_TEST_SUITE_P(All, HostileProgram,
                         testing::Values(format::tiny_program(), format::sealed(format::pointwise_draft()),
                                         format::sealed(format::coded_draft())),
                         [](const auto& program) {
                           return program.index == 0 ? "tiny" : program.index == 1 ? "pointwise" : "coded";
                         });

TEST_P(HostileProgram, IsRefusedOrStaysWithinItsArenaWhicheverByteChanges) {
  const std::vector<uint8_t>& right = GetParam();
  ASSERT_EQ(open_and_run(right), Status::ok);
  int refused = 0;
  for (size_t i = 0; i < right.size(); ++i)
    for (const int change : {0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xFF}) {
      std::vector<uint8_t> file = right;
      file[i] ^= static_cast<uint8_t>(change);
      SCOPED_TRACE("byte " + std::to_string(i) + " changed by " + std::to_string(change));
      ASSERT_NO_THROW(refused += open_and_run(file) != Status::ok);
    }
  EXPECT_GT(refused, static_cast<int>(right.size()));
}

TEST_P(HostileProgram, IsRefusedOrStaysWithinItsArenaWhicheverWordsChange) {
  const std::vector<uint8_t>& right = GetParam();
  constexpr uint32_t kSeed = 11;
  std::mt19937 random(kSeed);
  const uint32_t telling[] = {0,      1,       2,          15,         16,         0x7F,      0x80,
                              0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF0, 0xFFFFFFFF};
  for (int round = 0; round < 20000; ++round) {
    std::vector<uint8_t> file = right;
    for (uint32_t changes = 1 + random() % 3; changes > 0; --changes) {
      const size_t at = random() % (file.size() / 4) * 4;
      const uint32_t word = random() % 4 == 0 ? random() : telling[random() % std::size(telling)];
      std::memcpy(file.data() + at, &word, sizeof word);
    }
    SCOPED_TRACE("seed " + std::to_string(kSeed) + ", round " + std::to_string(round));
    ASSERT_NO_THROW((void)open_and_run(file));
  }
}

}  // namespace
}  // namespace dimple::runtime
