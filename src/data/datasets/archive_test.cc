#include "data/datasets/archive.h"

#include <gmock/gmock.h>

#include "data/datasets/tree_testing.h"
#include "host/files.h"

namespace dimple::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::string bytes_of_archive(const std::string& path) { return host::read_text(path, {.limit_bytes = 1 << 20}); }

// Changes one of a member's packed bytes, which in a zip follow its name and the fields whose length stands before it.
void damage(const std::string& path, const std::string& member, size_t offset, char value) {
  std::string bytes = bytes_of_archive(path);
  const size_t name = bytes.find(member);
  ASSERT_NE(name, std::string::npos);
  const auto field = [&](size_t at) { return static_cast<size_t>(static_cast<unsigned char>(bytes[at])); };
  const size_t at = name + member.size() + field(name - 2) + 256 * field(name - 1) + offset;
  ASSERT_LT(at, bytes.size());
  ASSERT_NE(bytes[at], value);
  bytes[at] = value;
  std::ofstream(path, std::ios::binary) << bytes;
}

// In a stored member a checksum no longer fits. A deflated one begins with the kind of its first block, of which 7 is
// none: zlib gives up, and libarchive calls that fatal.
struct Damage {
  const char* how;
  size_t offset;
  char value;
};
constexpr Damage kDamages[] = {{"store", 5, '#'}, {"deflate", 0, 7}};

std::vector<File> texts() {
  std::vector<File> files;
  for (const char* name : {"a.txt", "b.txt", "c.txt"}) files.emplace_back(name, std::string(700, name[0]));
  return files;
}

struct Seen {
  std::vector<std::string> read, bad;
};

// What could be read of an archive, as it is read.
void see(const std::string& path, Seen& seen) {
  EntryFilter filter;
  filter.wanted = [](const std::string&) { return true; };
  filter.bad = [&](const std::string& name, const std::string&) { seen.bad.push_back(name); };
  read_entries(path, filter, [&](const std::string& name, std::string_view bytes) {
    EXPECT_EQ(bytes, std::string(700, name[0]));
    seen.read.push_back(name);
  });
}

TEST(Archive, ABadMemberOfAZipIsListedAndTheOthersAreRead) {
  for (const Damage& d : kDamages) {
    SCOPED_TRACE(d.how);
    const std::string path = zip_of("texts.zip", texts(), d.how);
    damage(path, "b.txt", d.offset, d.value);
    Seen seen;
    see(path, seen);
    EXPECT_THAT(seen.read, ElementsAre("a.txt", "c.txt"));
    EXPECT_THAT(seen.bad, ElementsAre("b.txt"));
  }
}

TEST(Archive, WithoutAListABadMemberRefusesTheWholeAndIsNamed) {
  for (const Damage& d : kDamages) {
    const std::string path = zip_of("texts.zip", texts(), d.how);
    damage(path, "b.txt", d.offset, d.value);
    const EntryFilter filter{[](const std::string&) { return true; }};
    const auto why = input_error([&] { read_entries(path, filter, [](const std::string&, std::string_view) {}); });
    EXPECT_THAT(why, HasSubstr("texts.zip: b.txt: ")) << d.how;
  }
}

// Nothing tells where in a tar the next file would begin.
TEST(Archive, WhatBreaksOffIsRefusedAndSaysHowMuchWasRead) {
  const std::string whole = bytes_of_archive(tar_of("texts.tar", texts()));
  const std::string path = write_file("cut.tar", whole.substr(0, 2300));  // 512 + 1024 a file: inside the second
  Seen seen;
  const std::string why = input_error([&] { see(path, seen); });
  EXPECT_THAT(why, HasSubstr("cut.tar: b.txt: "));
  EXPECT_THAT(why, HasSubstr("files read before that: 1"));
  EXPECT_THAT(seen.read, ElementsAre("a.txt"));
}

TEST(Archive, AMemberLargerThanIsAllowedIsListed) {
  std::vector<File> files = texts();
  files[0].second.assign(size_t{2} << 20, 'a');
  for (const std::string& path : {tar_of("large.tar", files), zip_of("large.zip", files, "deflate")}) {
    Seen seen;
    see(path, seen);
    EXPECT_THAT(seen.bad, ElementsAre("a.txt"));
    EXPECT_THAT(seen.read, ElementsAre("b.txt", "c.txt"));
  }
}

TEST(Archive, ADamagedPictureOfAZipIsQuarantined) {
  for (const Damage& d : kDamages) {
    SCOPED_TRACE(d.how);
    std::vector<File> files;
    for (int i = 1; i <= 6; ++i)
      files.emplace_back("CK+48/anger/S01" + std::to_string(i) + "_004_00000017.png",
                         noise_png(static_cast<uint64_t>(i)));
    const std::string path = zip_of("CK+48.zip", files, d.how);
    damage(path, files[2].first, d.offset, d.value);
    const Dataset set = load_dataset(path);
    EXPECT_EQ(set.size(), 5u);
    ASSERT_EQ(set.quarantine.size(), 1u);
    EXPECT_EQ(set.quarantine[0].file, files[2].first);
    EXPECT_THAT(set.quarantine[0].why, HasSubstr("ZIP"));
    EXPECT_THAT(set.file, Not(testing::Contains(files[2].first)));
  }
}

}  // namespace
}  // namespace dimple::data
