#include "workflow/val.h"

#include <gtest/gtest.h>

namespace dimple::workflow {
namespace {

TEST(Val, WordsAreDataOrModelsOrBoth) {
  const auto sorted = [](std::vector<std::string> what, std::string data = "") {
    ValRequest r;
    r.what = std::move(what), r.data = std::move(data);
    return sorted_out(r);
  };
  EXPECT_EQ(sorted({"set.csv"}).data, "set.csv");
  EXPECT_EQ(sorted({"a", "b"}, "set.csv").model, "a");
  EXPECT_EQ(sorted({"a", "b"}, "set.csv").against, "b");
  EXPECT_EQ(sorted({"a", "b", "set.csv"}).data, "set.csv");
  EXPECT_THROW(sorted({"one.csv"}, "other.csv"), host::Error);
  EXPECT_THROW(sorted({"a", "b", "c", "d"}), host::Error);
}

}  // namespace
}  // namespace dimple::workflow
