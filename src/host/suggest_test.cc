#include "host/suggest.h"

#include <gtest/gtest.h>

#include "host/error.h"

namespace dimple::host {

TEST(Suggest, CountsASwapOfNeighboursAsOneSlip) {
  EXPECT_EQ(edit_distance("scroe", "score"), 1);
  EXPECT_EQ(edit_distance("", "abc"), 3);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3);
}

TEST(Suggest, OffersTheNearestAndNothingFarAway) {
  const std::vector<std::string> verbs{"predict", "train", "val", "models"};
  EXPECT_EQ(nearest("perdict", verbs), "predict");
  EXPECT_EQ(nearest("pred", verbs), "predict");
  EXPECT_EQ(nearest("model", verbs), "models");
  EXPECT_EQ(nearest("banana", verbs), "");
  EXPECT_EQ(nearest(std::string(100000, 'x'), verbs), "");
}

TEST(Suggest, NamesTheChoices) {
  try {
    check_choice("executor", "prgram", {"program", "reference"});
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "--executor: there is no `prgram`");
    EXPECT_EQ(error.hint(), "did you mean program?");
  }
  EXPECT_NO_THROW(check_choice("executor", "program", {"program", "reference"}));
}

}  // namespace dimple::host
