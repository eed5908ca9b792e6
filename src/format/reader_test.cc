#include "format/reader.h"

#include <gtest/gtest.h>

#include "format/program_testing.h"

namespace dimple::format {
namespace {

Status status_of(const std::vector<uint8_t>& file) { return read_program({file.data(), file.size()}).status(); }

template <class Change>
Status status_with_header(Change change) {
  std::vector<uint8_t> file = tiny_program();
  Header h;
  std::memcpy(&h, file.data(), sizeof h);
  change(h);
  std::memcpy(file.data(), &h, sizeof h);
  fix_checksum(file);
  return status_of(file);
}

TEST(Reader, FindsEverySection) {
  const ProgramDraft draft = tiny_draft();
  const std::vector<uint8_t> file = sealed(draft);
  const Result<Program> read = read_program({file.data(), file.size()});
  ASSERT_EQ(read.status(), Status::ok);
  const Program& p = read.value();
  EXPECT_EQ(p.tensors.size(), draft.tensors.size());
  EXPECT_EQ(p.steps.size(), draft.steps.size());
  EXPECT_EQ(p.attributes.size(), draft.attributes.size());
  EXPECT_EQ(p.constants.size(), draft.constants.size());
  EXPECT_EQ(std::string(p.metadata.begin(), p.metadata.end()), "{}");
  EXPECT_EQ(p.header->arena_bytes, draft.header.arena_bytes);
}

TEST(Reader, AcceptsBytesBehindTheProgram) {
  std::vector<uint8_t> file = tiny_program();
  file.resize(file.size() + 100, 0xFF);
  EXPECT_EQ(status_of(file), Status::ok);
}

TEST(Reader, NoticesACutAtEveryLength) {
  const std::vector<uint8_t> file = tiny_program();
  for (size_t bytes = 0; bytes < file.size(); ++bytes) {
    const std::vector<uint8_t> cut(file.begin(), file.begin() + static_cast<ptrdiff_t>(bytes));
    EXPECT_EQ(status_of(cut), Status::truncated) << bytes;
  }
}

TEST(Reader, NoticesEveryFlippedBit) {
  std::vector<uint8_t> file = tiny_program();
  for (size_t i = 0; i < file.size(); ++i)
    for (int bit = 0; bit < 8; ++bit) {
      file[i] ^= static_cast<uint8_t>(1 << bit);
      EXPECT_NE(status_of(file), Status::ok) << "byte " << i << " bit " << bit;
      file[i] ^= static_cast<uint8_t>(1 << bit);
    }
}

TEST(Reader, TellsWhatIsWrong) {
  EXPECT_EQ(status_of({'h', 'e', 'l', 'l', 'o'}), Status::bad_magic);
  EXPECT_EQ(status_with_header([](Header& h) { h.magic ^= 1; }), Status::bad_magic);
  EXPECT_EQ(status_with_header([](Header& h) { h.version = kVersion + 1; }), Status::later_version);
  EXPECT_EQ(status_with_header([](Header& h) { h.version = kVersion - 1; }), Status::earlier_version);
  EXPECT_EQ(status_with_header([](Header& h) { h.file_bytes += 1; }), Status::truncated);
  std::vector<uint8_t> file = tiny_program();
  file.back() ^= 1;
  EXPECT_EQ(status_of(file), Status::bad_checksum);
}

TEST(Reader, RefusesMisalignedBytes) {
  const std::vector<uint8_t> file = tiny_program();
  std::vector<uint8_t> shifted(file.size() + 4);
  std::memcpy(shifted.data() + 4, file.data(), file.size());
  EXPECT_EQ(read_program({shifted.data() + 4, file.size()}).status(), Status::misaligned);
}

TEST(Reader, RefusesSectionsThatLieWrong) {
  EXPECT_EQ(status_with_header([](Header&) {}), Status::ok);
  EXPECT_EQ(status_with_header([](Header& h) { h.file_bytes = 79; }), Status::malformed);
  EXPECT_EQ(status_with_header([](Header& h) { h.tensors_at = 0; }), Status::malformed);
  EXPECT_EQ(status_with_header([](Header& h) { h.tensors_at += 4; }), Status::malformed);
  EXPECT_EQ(status_with_header([](Header& h) { h.steps_at = h.tensors_at; }), Status::malformed);
  EXPECT_EQ(status_with_header([](Header& h) { h.constants_at = 0xFFFFFFF0u; }), Status::malformed);
  EXPECT_EQ(status_with_header([](Header& h) { h.tensor_count = 0x08000001u; }), Status::malformed);
  EXPECT_EQ(status_with_header([](Header& h) { h.attribute_words = 0x40000000u; }), Status::malformed);
  EXPECT_EQ(status_with_header([](Header& h) { h.metadata_bytes = 0xFFFFFFFFu; }), Status::malformed);
  EXPECT_EQ(status_with_header([](Header& h) { h.arena_bytes = 0; }), Status::malformed);
}

}  // namespace
}  // namespace dimple::format
