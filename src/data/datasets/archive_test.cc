#include "data/datasets/archive.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <map>

#include "data/datasets/tree_testing.h"
#include "host/files.h"
#include "host/growth_testing.h"

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

struct Foreign {
  std::string_view magic;
  const char* name;
};
constexpr Foreign kForeign[] = {{"LRZI", "lrzip"},
                                {{"\x89LZO\0\r\n\x1a\n", 9}, "lzop"},
                                {{"GRZipII\0\2\4:)", 12}, "grzip"},
                                {"\x04\x22\x4D\x18", "lz4"},
                                {"LZIP", "lzip"},
                                {"\x1F\x9D", "compress"},
                                {{"7z\xBC\xAF\x27\x1C", 6}, "7-Zip"},
                                {"Rar!\x1A\x07", "RAR"}};

// A PATH on which each program that unpacks anything leaves a mark.
class Traps {
 public:
  Traps() : folder_(plant("traps", {})), path_(std::getenv("PATH")) {
    for (const char* name : {"lrzip", "lzop", "grzip", "lz4", "lzip", "lzma", "xz", "gzip", "gunzip", "bzip2", "zstd",
                             "compress", "uncompress", "7z", "unrar"}) {
      const std::string trap = write_file(std::string("traps/") + name, "#!/bin/sh\n: > " + mark() + "\n");
      std::filesystem::permissions(trap, std::filesystem::perms::owner_all);
    }
    ::setenv("PATH", folder_.c_str(), 1);
  }
  ~Traps() { ::setenv("PATH", path_.c_str(), 1); }
  bool sprung() const { return std::filesystem::exists(mark()); }

 private:
  std::string mark() const { return folder_ + "/sprung"; }
  std::string folder_, path_;
};

TEST(Archive, NoFileStartsAProgram) {
  const Traps traps;
  for (const Foreign& f : kForeign) {
    SCOPED_TRACE(f.name);
    const std::string path = write_file("strange.csv", std::string(f.magic) + std::string(700, '\1'));
    Seen seen;
    const std::string reason = std::string("strange.csv: it is packed by ") + f.name;
    EXPECT_THAT(input_error([&] { read_stream(path, [](std::string_view) {}); }), HasSubstr(reason));
    EXPECT_THAT(input_error([&] { see(path, seen); }), HasSubstr(reason));
    EXPECT_EQ(read_beginning(path, 64), "");
    EXPECT_THAT(first_names(
                    path, [](const std::string&) { return true; }, 9),
                testing::IsEmpty());
    EXPECT_THAT(input_error([&] { load_dataset(path); }), HasSubstr("not a dataset"));
  }
  EXPECT_FALSE(traps.sprung());
}

using Filter = int (*)(struct archive*);
constexpr Filter kFilters[] = {archive_write_add_filter_gzip, archive_write_add_filter_bzip2,
                               archive_write_add_filter_xz, archive_write_add_filter_zstd};

std::string packed_file(const std::string& name, const std::string& bytes, Filter filter) {
  struct archive* a = archive_write_new();
  EXPECT_EQ(filter(a), ARCHIVE_OK);
  archive_write_set_format_raw(a);
  return pack(a, name, {{"x", bytes}});
}

TEST(Archive, IsUnpackedOnce) {
  const Traps traps;
  std::string text;
  const auto read = [&](const std::string& path) { read_stream(path, [&](std::string_view chunk) { text += chunk; }); };
  for (const Filter filter : kFilters) {
    text.clear();
    const std::string path = packed_file("labels.csv.z", "a,b\n", filter);
    read(path);
    EXPECT_EQ(text, "a,b\n");
    const std::string twice = packed_file("twice.csv.z", bytes_of_archive(path), filter);
    EXPECT_THAT(input_error([&] { read(twice); }), HasSubstr("more than once"));
  }
  const std::string zip =
      packed_file("texts.zip.gz", bytes_of_archive(zip_of("texts.zip", texts(), "deflate")), kFilters[0]);
  Seen seen;
  EXPECT_THAT(input_error([&] { see(zip, seen); }), HasSubstr("compressed once more"));
  EXPECT_FALSE(traps.sprung());
}

TEST(Archive, ASmallFileUnpacksToNoHugeOne) {
  const std::string zeros(size_t{300} << 20, '\0');
  const std::string stream = packed_file("zeros.csv.zst", zeros, archive_write_add_filter_zstd);
  ASSERT_LT(std::filesystem::file_size(stream), 400u << 10);
  size_t seen = 0;
  const auto count = [&](std::string_view chunk) { seen += chunk.size(); };
  EXPECT_THAT(input_error([&] { read_stream(stream, count); }), HasSubstr("more than 256 MB and 200 times its size"));
  EXPECT_LE(seen, size_t{256} << 20);

  struct archive* a = archive_write_new();
  archive_write_add_filter_zstd(a);
  archive_write_set_format_ustar(a);
  const std::string tar = pack(a, "zeros.tar.zst", {{"passed_over", zeros}, {"wanted", "1"}});
  const EntryFilter filter{[](const std::string& name) { return name == "wanted"; }};
  const auto why = input_error([&] { read_entries(tar, filter, [](const std::string&, std::string_view) {}); });
  EXPECT_THAT(why, HasSubstr("200 times its size"));
}

TEST(Archive, TakesTimeByTheNumberOfMembers) {
  std::map<size_t, std::string> archives;
  for (const size_t members : {100, 800}) {
    std::vector<File> files;
    for (size_t i = 0; i < members; ++i) files.emplace_back("a/" + std::to_string(i) + ".txt", "x");
    archives[members] = tar_of(std::to_string(members) + ".tar", files);
  }
  const auto read = [&](size_t members) {
    EntryFilter filter;
    filter.wanted = [](const std::string&) { return true; };
    size_t taken = 0;
    read_entries(archives[members], filter, [&](const std::string&, std::string_view) { ++taken; });
    EXPECT_EQ(taken, members);
  };
  EXPECT_TRUE(host::grows_with(read, 100));
}

// A table looks for a name once for each of its folders.
TEST(Archive, ANameThatNoFileSystemTakesIsRefused) {
  const auto name = [](size_t folders) { return host::repeated(folders, "a/") + "b.txt"; };
  Seen seen;
  see(zip_of("deep.zip", {{name(2000), std::string(700, 'a')}}, "store"), seen);
  EXPECT_THAT(seen.read, ElementsAre(name(2000)));
  const std::string deeper = zip_of("deeper.zip", {{name(2100), "x"}}, "store");
  EXPECT_THAT(input_error([&] { see(deeper, seen); }), HasSubstr("a name in it is longer than 4096 bytes"));
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
