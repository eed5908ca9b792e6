#include "data/split_file.h"

#include <gmock/gmock.h>

#include "data/sets_testing.h"
#include "host/growth_testing.h"

namespace dimple::data {
namespace {

using testing::HasSubstr;

Dataset people(int32_t pictures) {
  Dataset set = noise_set(pictures);
  for (int32_t i = 0; i < pictures; ++i)
    set.subject.push_back("p" + std::to_string(i % 5));  // by row as the splits are
  return set;
}

host::Exit exit_of(Dataset set, const std::string& path, bool force = false) {
  try {
    apply_split_csv(set, path, force);
  } catch (const host::Error& error) {
    return error.exit();
  }
  return host::Exit::fine;
}

TEST(SplitFile, ComesBackAsItWasWritten) {
  Dataset set = people(20);
  const std::string path = write_file("split.csv", split_csv(set));
  Dataset other = set;
  std::ranges::fill(other.split, Split::train);
  apply_split_csv(other, path, false);
  EXPECT_EQ(other.split, set.split);
  EXPECT_EQ(other.split_from, path);
  EXPECT_TRUE(other.left_out.empty());
}

TEST(SplitFile, TakesTimeByItsRows) {
  const auto apply = [](size_t rows) {
    Dataset set = noise_set(static_cast<int32_t>(rows));
    apply_split_csv(set, write_file("long.csv", split_csv(set)), false);
  };
  EXPECT_TRUE(host::grows_with(apply, 200));
}

TEST(SplitFile, RowsItDoesNotNameAreLeftOutAndSaid) {
  Dataset set = people(20);
  const std::vector<int32_t> some = {0, 1, 2, 3, 4};
  const std::string path = write_file("split.csv", split_csv(select_rows(set, some)));
  apply_split_csv(set, path, false);
  EXPECT_EQ(set.size(), 5u);
  EXPECT_EQ(set.left_out[0].pictures, 15);
}

TEST(SplitFile, APersonInTwoSplitsIsRefusedUnlessForced) {
  Dataset set = people(20);
  set.subject[4] = set.subject[0];  // 4 is tested, 0 is trained on
  const std::string path = write_file("leak.csv", split_csv(set));
  EXPECT_EQ(exit_of(set, path), host::Exit::gate);
  EXPECT_EQ(exit_of(set, path, true), host::Exit::fine);
}

TEST(SplitFile, ATestSetInTrainingIsRefusedUnlessForced) {
  Dataset set = people(20);
  set.test_only = {set.name};
  const std::string path = write_file("cafe_split.csv", split_csv(set));
  EXPECT_EQ(exit_of(set, path), host::Exit::gate);
  EXPECT_EQ(exit_of(set, path, true), host::Exit::fine);
}

TEST(SplitFile, SaysWhatIsWrongWithIt) {
  const Dataset set = people(5);
  const auto refusal = [&](const std::string& text) {
    return input_error([&] {
      Dataset copy = set;
      apply_split_csv(copy, write_file("bad_split.csv", text), false);
    });
  };
  EXPECT_THAT(refusal(""), HasSubstr("line 1: the file is empty"));
  EXPECT_THAT(refusal("key,label\n"), HasSubstr("no column `split`"));
  EXPECT_THAT(refusal("key,label,split\nrow 0,happy\n"), HasSubstr("line 2: a short row"));
  EXPECT_THAT(refusal("key,label,split\nrow 0,happy,now\n"), HasSubstr("`now` is not train"));
  EXPECT_THAT(refusal("key,label,split\nrow 0,happy,test\nrow 0,happy,test\n"),
              HasSubstr("line 3: row 0 stands twice"));
  EXPECT_THAT(refusal("key,label,split\nrow 0,sad,test\n"),
              HasSubstr("says that row 0 is `sad`, the set says `happy`"));
  EXPECT_THAT(refusal("key,label,split\nrow 9,sad,test\n"), HasSubstr("1 of its 1 pictures are not there"));
}

}  // namespace
}  // namespace dimple::data
