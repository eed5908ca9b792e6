#include "selftest/machine_signature.h"

#include <gtest/gtest.h>

#include <cstring>
#include <set>
#include <string>
#include <vector>

#include "base/bits.h"
#include "base/crc32.h"
#include "export/sample_programs_testing.h"
#include "format/program.h"
#include "selftest/signature_pictures.h"

namespace dimple::selftest {
namespace {

struct alignas(16) Block {
  uint8_t bytes[16];
};

MachineSignature sign(const std::vector<uint8_t>& program, size_t memory_bytes) {
  std::vector<Block> code(program.size() / 16 + 1), memory(memory_bytes / 16 + 1);
  std::memcpy(code.data(), program.data(), program.size());
  return sign_machine({code.data()->bytes, program.size()}, {memory.data()->bytes, memory_bytes});
}

Span<const uint8_t> span_of(const std::vector<uint8_t>& bytes) { return {bytes.data(), bytes.size()}; }

TEST(MachineSignature, DoesNotDependOnHowMuchMemoryThereIs) {
  const std::vector<uint8_t> program = exports::sample_integer_program();
  const size_t need = signature_memory_bytes(span_of(program));
  const MachineSignature least = sign(program, need), ample = sign(program, need + 100'000);
  EXPECT_EQ(least.status, Status::ok);
  EXPECT_EQ(ample.status, Status::ok);
  EXPECT_EQ(least.signature, ample.signature);
  EXPECT_EQ(least.answers, ample.answers);
  EXPECT_EQ(ample.guard_bytes, least.guard_bytes + 100'000);  // what is not used is watched
  EXPECT_EQ(least.pictures, 16u);
}

TEST(MachineSignature, TooLittleMemoryIsRefused) {
  const std::vector<uint8_t> program = exports::sample_integer_program();
  EXPECT_EQ(sign(program, signature_memory_bytes(span_of(program)) - 1).status, Status::memory_too_small);
  EXPECT_EQ(sign(program, 16).status, Status::memory_too_small);
}

TEST(MachineSignature, BytesThatAreNoProgramNeedNoMemory) {
  EXPECT_EQ(signature_memory_bytes({}), 0u);
  const std::vector<uint8_t> nothing(200, 0);
  EXPECT_EQ(signature_memory_bytes(span_of(nothing)), 0u);
  EXPECT_EQ(sign(nothing, 1 << 16).status, Status::bad_magic);
}

MachineSignature sign_with(image::Preprocess how) {
  std::vector<uint8_t> program = exports::sample_integer_program();
  format::Header header;
  std::memcpy(&header, program.data(), sizeof header);
  header.preprocess = how;
  std::memcpy(program.data(), &header, sizeof header);
  header.checksum = crc32({program.data() + 16, program.size() - 16});
  std::memcpy(program.data(), &header, sizeof header);
  return sign(program, signature_memory_bytes(span_of(program)) + 16);
}

TEST(MachineSignature, TheAnswersFollowTheProgramsOwnMarginAndTheLogitsDoNot) {
  const image::Preprocess how{20, 20, 1, 150, 0, image::Normalise::standardise};
  image::Preprocess wider = how;
  wider.margin_permille = 300;
  const MachineSignature one = sign_with(how), other = sign_with(wider);
  EXPECT_EQ(one.status, Status::ok);
  EXPECT_EQ(one.signature, other.signature);
  EXPECT_NE(one.answers, other.answers);
}

TEST(MachineSignature, AProgramThatDoesNotSayHowAFaceBecomesItsInputIsRefused) {
  EXPECT_EQ(sign_with({.width = 0, .height = 0, .channels = 0}).status, Status::reads_no_faces);
}

uint64_t hash_of(Span<const uint8_t> bytes) {
  Fnv1a hash;
  hash.add(bytes);
  return hash.state;
}

std::vector<uint8_t> drawn(uint32_t number, int32_t width, int32_t height, int32_t channels) {
  std::vector<uint8_t> pixels(static_cast<size_t>(width * height * channels));
  draw_picture(number, image::packed(pixels.data(), width, height, channels));
  return pixels;
}

// Pinned: another drawing would change the signature of every model without any model having changed.
TEST(SignaturePictures, AreWhatTheyEverWere) {
  std::vector<uint8_t> all;
  for (uint32_t number = 0; number < 16; ++number) {
    for (const uint8_t pixel : drawn(number, 48, 48, 1)) all.push_back(pixel);
  }
  EXPECT_EQ(hash_of(span_of(all)), 0x455BB922241581Du);
}

TEST(SignaturePictures, NoTwoAreAlike) {
  std::set<uint64_t> seen;
  for (uint32_t number = 0; number < 64; ++number) {
    const std::vector<uint8_t> pixels = drawn(number, 24, 20, 3);
    seen.insert(hash_of(span_of(pixels)));
  }
  EXPECT_EQ(seen.size(), 64u);
}

}  // namespace
}  // namespace dimple::selftest
