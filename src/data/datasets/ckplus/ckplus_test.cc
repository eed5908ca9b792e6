#include "data/datasets/importers.h"

#include <set>

#include "data/datasets/tree_testing.h"

namespace dimple::data {
namespace {

std::string png(int grey, int extent = 48) {
  const auto bytes = media::encode_png(media::Picture(extent, extent, 1, static_cast<uint8_t>(grey)));
  return {bytes.begin(), bytes.end()};
}

std::vector<File> small_entries() {
  return {{"CK+48/surprise/S011_001_00000014.png", png(30)},
          {"CK+48/anger/S010_004_00000017.png", png(10)},
          {"CK+48/contempt/S138_008_00000007.png", png(20)},
          {"CK+48/README.txt", "not a picture"}};
}

TEST(Ckplus, ReadsClassesAndSubjectsFromNames) {
  const auto found = read_ckplus_path("CK+48/sadness/S010_004_00000017.png");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].label, "sadness");
  EXPECT_EQ(found[0].subject, "S010");
  for (const char* bad :
       {"CK+48/anger/S010_00000017.png", "CK+48/anger/S010_004_00000017.jpg", "CK+48/anger/x010_004_17.png",
        "S010_004_17.png", "CK+48/anger/S01a_004_17.png", "CK+48/anger/S010__17.png", ""})
    EXPECT_TRUE(read_ckplus_path(bad).empty()) << bad;
}

TEST(Ckplus, ATarAndAFolderAreTheSameSet) {
  Dataset packed = load_dataset(tar_of("CK+48.tar", small_entries()));
  for (const auto& [file, bytes] : small_entries()) write_file("unpacked/" + file, bytes);
  EXPECT_EQ(packed.file[0], "CK+48/anger/S010_004_00000017.png");
  for (std::string& file : packed.file) file = file.substr(file.find('/') + 1);
  EXPECT_EQ(load_dataset(temporary("unpacked/CK+48")), packed);
  EXPECT_EQ(load_dataset(temporary("unpacked")), packed);
  ASSERT_EQ(packed.size(), 3u);
  EXPECT_EQ(packed.labels[static_cast<size_t>(packed.label[0])], "angry");
  EXPECT_EQ(packed.subject, (std::vector<std::string>{"S010", "S138", "S011"}));
  EXPECT_EQ(packed.picture(2)[0], 30);
}

TEST(Ckplus, SaysWhichPictureIsWrong) {
  const auto refusal = [](const File& entry) {
    const std::string path = tar_of("CK+48.tar", {entry});
    return input_error([&] { load_dataset(path); });
  };
  EXPECT_NE(refusal({"CK+48/pride/S010_004_17.png", png(1)}).find("1: labelled `pride`"), std::string::npos);
  EXPECT_NE(refusal({"CK+48/anger/S010_004_17.png", "text"}).find("S010_004_17.png"), std::string::npos);
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
