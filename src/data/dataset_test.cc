#include "data/dataset.h"

#include "data/sets_testing.h"

namespace dimple::data {
namespace {

TEST(Dataset, EveryRowIsInOneSplit) {
  const Dataset set = noise_set(50);
  EXPECT_EQ(rows_of(set, Split::train).size(), 30u);
  EXPECT_EQ(rows_of(set, Split::validation).size(), 10u);
  EXPECT_EQ(rows_of(set, Split::test).size(), 10u);
}

TEST(Dataset, SelectedRowsKeepAllThatBelongsToThem) {
  Dataset set = noise_set(10);
  set.subject.assign(10, "a");
  set.subject[7] = "b";
  set.groups = {{"mouth", std::vector<std::string>(10, "closed")}};
  set.groups[0].value[7] = "open";
  set.quarantine = {{"x.png", "empty"}};
  set.target.assign(30, 0);
  for (size_t i = 0; i < 10; ++i) set.target[i * 3 + i % 3] = 1;
  copy_picture(set, 0, 7);
  const std::vector<int32_t> rows = {7, 2, 0};
  const Dataset some = select_rows(set, rows);
  check(some, "some");
  ASSERT_EQ(some.size(), 3u);
  EXPECT_TRUE(std::ranges::equal(some.picture(0), set.picture(7)));
  EXPECT_EQ(some.label, (std::vector<int32_t>{1, 2, 0}));
  EXPECT_EQ(some.subject[0], "b");
  EXPECT_EQ(find_group(some, "mouth")->value, (std::vector<std::string>{"open", "closed", "closed"}));
  EXPECT_EQ(some.quarantine, set.quarantine);
  EXPECT_EQ(some.target_of(1)[2], 1.0f);
  EXPECT_EQ(some.source_row, rows);
  EXPECT_EQ(some.duplicate_of, (std::vector<int32_t>{0, 1, 0}));
}

TEST(Dataset, RefusesRowsThatDoNotBelongTogether) {
  const auto refused = [](auto&& spoil) {
    Dataset set = noise_set(10);
    spoil(set);
    return !input_error([&] { check(set, "x"); }).empty();
  };
  EXPECT_FALSE(refused([](Dataset&) {}));
  EXPECT_TRUE(refused([](Dataset& s) { s = {}; }));
  EXPECT_TRUE(refused([](Dataset& s) { s.pixels.pop_back(); }));
  EXPECT_TRUE(refused([](Dataset& s) { s.split.pop_back(); }));
  EXPECT_TRUE(refused([](Dataset& s) { s.label[3] = 3; }));
  EXPECT_TRUE(refused([](Dataset& s) { s.label[3] = -1; }));
  EXPECT_TRUE(refused([](Dataset& s) { s.duplicate_of[3] = 4; }));
  EXPECT_TRUE(refused([](Dataset& s) { s.labels.clear(); }));
  EXPECT_TRUE(refused([](Dataset& s) { s.subject = {"one"}; }));
  EXPECT_TRUE(refused([](Dataset& s) { s.target.assign(30, 0.1f); }));
  EXPECT_TRUE(refused([](Dataset& s) { s.groups = {{"mouth", {"open"}}}; }));
  EXPECT_TRUE(refused([](Dataset& s) { s.file = {"one"}; }));
  EXPECT_TRUE(refused([](Dataset& s) { s.channels = 2; }));
  EXPECT_TRUE(refused([](Dataset& s) { s.width = 1 << 20; }));
  EXPECT_TRUE(refused([](Dataset& s) { s.split[0] = static_cast<Split>(3); }));
}

}  // namespace
}  // namespace dimple::data
