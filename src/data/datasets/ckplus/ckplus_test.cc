#include "data/datasets/ckplus/ckplus.h"

#include <archive.h>
#include <archive_entry.h>

#include <set>

#include "data/test_sets.h"
#include "media/encode.h"

namespace dimple::data {
namespace {

namespace fs = std::filesystem;

std::string png(int grey, int extent = 48) {
  const auto bytes = media::encode_png(media::Picture(extent, extent, 1, static_cast<uint8_t>(grey)));
  return {bytes.begin(), bytes.end()};
}

using Entry = std::pair<std::string, std::string>;

std::string tar_of(const std::string& name, const std::vector<Entry>& entries) {
  const std::string path = temporary(name);
  struct archive* a = archive_write_new();
  archive_write_set_format_ustar(a);
  archive_write_open_filename(a, path.c_str());
  for (const auto& [file, bytes] : entries) {
    struct archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, file.c_str());
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, static_cast<la_int64_t>(bytes.size()));
    archive_write_header(a, entry);
    archive_write_data(a, bytes.data(), bytes.size());
    archive_entry_free(entry);
  }
  archive_write_close(a);
  archive_write_free(a);
  return path;
}

std::vector<Entry> small_entries() {
  return {{"CK+48/surprise/S011_001_00000014.png", png(30)},
          {"CK+48/anger/S010_004_00000017.png", png(10)},
          {"CK+48/contempt/S138_008_00000007.png", png(20)},
          {"CK+48/README.txt", "not a picture"}};
}

TEST(Ckplus, ReadsClassesAndSubjectsFromNames) {
  CkplusName name;
  ASSERT_TRUE(parse_ckplus_name("CK+48/sadness/S010_004_00000017.png", name));
  EXPECT_EQ(name.label, "sad");
  EXPECT_EQ(name.subject, "S010");
  for (const char* bad :
       {"CK+48/anger/S010_00000017.png", "CK+48/anger/S010_004_00000017.jpg", "CK+48/anger/x010_004_17.png",
        "S010_004_17.png", "CK+48/anger/S01a_004_17.png", "CK+48/anger/S010__17.png", ""})
    EXPECT_FALSE(parse_ckplus_name(bad, name)) << bad;
}

TEST(Ckplus, ATarAndAFolderAreTheSameSet) {
  const Dataset packed = load_dataset(tar_of("CK+48.tar", small_entries()));
  for (const auto& [file, bytes] : small_entries()) write_file("unpacked/" + file, bytes);
  EXPECT_EQ(load_dataset(temporary("unpacked/CK+48")), packed);
  EXPECT_EQ(load_dataset(temporary("unpacked")), packed);
  ASSERT_EQ(packed.size(), 3u);
  EXPECT_EQ(packed.labels[static_cast<size_t>(packed.label[0])], "angry");
  EXPECT_EQ(packed.subject, (std::vector<std::string>{"S010", "S138", "S011"}));
  EXPECT_EQ(packed.picture(2)[0], 30);
}

TEST(Ckplus, SaysWhichPictureIsWrong) {
  const auto refusal = [](const Entry& entry) {
    const std::string path = tar_of("CK+48.tar", {entry});
    return input_error([&] { load_dataset(path); });
  };
  EXPECT_NE(refusal({"CK+48/anger/S010_004_17.png", png(1, 40)}).find("S010_004_17.png: 40x40"), std::string::npos);
  EXPECT_NE(refusal({"CK+48/pride/S010_004_17.png", png(1)}).find("unknown class pride"), std::string::npos);
  EXPECT_NE(refusal({"CK+48/anger/S010_004_17.png", "text"}).find("S010_004_17.png"), std::string::npos);
  EXPECT_NE(refusal({"CK+48/anger/S010_004_17.png", std::string(100'000, 'x')}).find("larger than"), std::string::npos);
  EXPECT_NE(refusal({"CK+48/notes.txt", "x"}).find("no picture"), std::string::npos);
  const std::string path = write_file("CK+48.tar", "this is no tar");
  EXPECT_NE(input_error([&] { load_dataset(path); }), "");
}

TEST(RealData, CkplusIsTheKnownSet) {
  DIMPLE_REAL_DATA(path, "ckplus48/CK+48.tar");
  const Dataset set = load_dataset(path);
  EXPECT_EQ(set.size(), 981u);
  EXPECT_EQ(set.labels.size(), 7u);
  std::vector<int> counts(7);
  for (const int32_t label : set.label) ++counts[static_cast<size_t>(label)];
  EXPECT_EQ(counts, (std::vector<int>{135, 54, 177, 75, 207, 84, 249}));
  EXPECT_EQ(std::set(set.subject.begin(), set.subject.end()).size(), 118u);
}

}  // namespace
}  // namespace dimple::data
