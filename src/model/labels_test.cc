#include "model/labels.h"

#include <gtest/gtest.h>

#include "host/error.h"
#include "host/growth_testing.h"

namespace dimple::model {
namespace {

TEST(Labels, AreCheckedInTimeByTheirNumber) {
  const auto check = [](size_t count) {
    std::vector<std::string> labels;
    for (size_t i = 0; i < count; ++i) labels.push_back(std::string(60, 'a') + std::to_string(i));
    check_labels(labels, "x");
  };
  EXPECT_TRUE(host::grows_with(check, 125));
}

TEST(Labels, OneExpressionHasOneName) {
  EXPECT_EQ(canonical_label("Happiness"), "happy");
  EXPECT_EQ(canonical_label("ANGER"), "angry");
  EXPECT_EQ(canonical_label("contempt"), "contempt");
  EXPECT_EQ(canonical_label("Pride"), "pride");
}

TEST(Labels, AreMatchedByNameNeverByPosition) {
  const std::vector<std::string> ours = {"angry", "happy", "sad"}, theirs = {"sadness", "happiness", "contempt"};
  EXPECT_EQ(map_labels(theirs, ours), (std::vector<int>{2, 1, -1}));
  EXPECT_EQ(find_label(ours, "anger"), 0);
}

TEST(Labels, RefusesSetsThatCannotBeToldApart) {
  const auto bad = [](std::vector<std::string> labels) { EXPECT_THROW(check_labels(labels, "x"), host::Error); };
  bad({});
  bad({"happy", ""});
  bad({"happy", "Happiness"});
  bad({"ha\nppy"});
  bad({std::string(65, 'a')});
  EXPECT_NO_THROW(check_labels(std::vector<std::string>{"happy", "sad"}, "x"));
}

}  // namespace
}  // namespace dimple::model
