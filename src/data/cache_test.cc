#include "data/cache.h"

#include "data/load.h"
#include "data/sets_testing.h"
#include "host/growth_testing.h"

namespace dimple::data {
namespace {

Dataset full_set() {
  Dataset set = noise_set(12);
  set.subject.assign(12, "person");
  set.doubt.assign(12, kDoubtLabel);
  set.vote_names = {"happiness", "NF"};
  set.votes.assign(24, 5);
  set.target.assign(36, 0);
  for (size_t i = 0; i < 12; ++i) set.target[i * 3] = 1;
  set.file.assign(12, "a/b.png");
  set.groups = {{"mouth", std::vector<std::string>(12, "open")}, {"age", std::vector<std::string>(12)}};
  set.quarantine = {{"x.png", "the file is empty"}};
  set.left_out = {{"no face found", 3}};
  set.test_only = {"noise"};
  set.split_from = "split.csv";
  set.sha256 = std::string(64, 'a');
  return set;
}

std::string bytes_of_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

TEST(Cache, ReadsBackWhatItWrote) {
  const std::string path = temporary("full.cache");
  save_cache(path, full_set());
  EXPECT_TRUE(is_cache(path));
  EXPECT_EQ(load_cache(path), full_set());
  EXPECT_EQ(load_dataset(path), full_set());
  save_cache(path, noise_set(1));  // over an older one, and with empty columns
  EXPECT_EQ(load_cache(path), noise_set(1));
}

TEST(Cache, AFlippedBitIsFound) {
  const std::string path = temporary("flip.cache");
  save_cache(path, full_set());
  const std::string whole = bytes_of_file(path);
  for (size_t i = 0; i < whole.size(); i += 3) {
    std::string bytes = whole;
    bytes[i] = static_cast<char>(bytes[i] ^ (1 << (i % 8)));
    write_file("flip.cache", bytes);
    EXPECT_NE(input_error([&] { load_cache(path); }), "") << i;
  }
}

TEST(Cache, IsRefusedWhenCutOrProlonged) {
  const std::string path = temporary("cut.cache");
  save_cache(path, full_set());
  const std::string whole = bytes_of_file(path);
  for (const size_t length : {size_t{0}, size_t{7}, size_t{23}, size_t{24}, whole.size() / 2, whole.size() - 1}) {
    write_file("cut.cache", whole.substr(0, length));
    EXPECT_NE(input_error([&] { load_cache(path); }), "") << length;
  }
  write_file("cut.cache", whole + "x");
  EXPECT_NE(input_error([&] { load_cache(path); }), "");
}

TEST(Cache, OfAnotherSizeThanItSaysIsNotRead) {
  const std::string path = temporary("sparse.cache");
  save_cache(path, full_set());
  std::filesystem::resize_file(path, uint64_t{4} << 30);  // takes no room
  EXPECT_LT(host::bytes_asked_by([&] { input_error([&] { load_cache(path); }); }), 1 << 20);
}

TEST(Cache, OfAnotherVersionSaysSo) {
  const std::string path = temporary("later.cache");
  save_cache(path, full_set());
  std::string bytes = bytes_of_file(path);
  bytes[8] = 99;
  write_file("later.cache", bytes);
  EXPECT_NE(input_error([&] { load_cache(path); }).find("version 99"), std::string::npos);
}

TEST(Cache, IsNotWrittenFromASetThatContradictsItself) {
  Dataset set = noise_set(3);
  set.label[0] = 9;
  EXPECT_NE(input_error([&] { save_cache(temporary("never.cache"), set); }), "");
  EXPECT_FALSE(std::filesystem::exists(temporary("never.cache")));
}

TEST(LoadDataset, SaysWhatItKnowsWhenItKnowsNothing) {
  EXPECT_NE(input_error([] { load_dataset("/nonexistent.csv"); }).find("no such file"), std::string::npos);
  const std::string path = write_file("plain.txt", "nothing to see");
  EXPECT_NE(input_error([&] { load_dataset(path); }).find("not a dataset"), std::string::npos);
}

}  // namespace
}  // namespace dimple::data
