#include "data/duplicates.h"

#include "data/sets_testing.h"
#include "host/growth_testing.h"

namespace dimple::data {
namespace {

TEST(Duplicates, TakeTimeByTheNumberOfPictures) {
  const Dataset all = noise_set(8000);
  for (const bool equal : {true, false}) {
    const auto find = [&](size_t pictures) {
      Dataset set;
      set.width = all.width, set.height = all.height;
      set.label.assign(pictures, 0), set.split.assign(pictures, Split::train);
      set.pixels.assign(all.pixels.begin(),
                        all.pixels.begin() + static_cast<ptrdiff_t>(pictures * all.picture_bytes()));
      if (equal) std::ranges::fill(set.pixels, uint8_t{7});
      set.duplicate_of = find_duplicates(set);
      report_duplicates(set);
    };
    EXPECT_TRUE(host::grows_with(find, 1000)) << equal;
  }
}

TEST(Duplicates, AreCountedByGroupSplitAndLabel) {
  Dataset set = noise_set(20);  // splits by row: 0 1 2 train, 3 validation, 4 test, 5 6 7 train ...
  copy_picture(set, 0, 4);      // train -> test, other label
  copy_picture(set, 0, 3);      // train -> validation
  copy_picture(set, 1, 7);      // inside train, same label
  copy_picture(set, 8, 9);      // validation -> test: no leak from training
  const DuplicateReport report = report_duplicates(set);
  EXPECT_EQ(report.groups, 3);
  EXPECT_EQ(report.pictures, 7);
  EXPECT_EQ(report.spanning_groups, 2);
  EXPECT_EQ(report.conflicting_groups, 2);
  EXPECT_EQ(report.validation_copies, 1);
  EXPECT_EQ(report.test_copies, 1);
  const auto copies = copies_of_training(set);
  EXPECT_TRUE(copies[3] && copies[4]);
  EXPECT_FALSE(copies[0] || copies[7] || copies[9]);
}

TEST(Duplicates, OfASetApartAreThoseOfTrainingPictures) {
  const Dataset learned = noise_set(20, 1);  // row 3 is for validation
  Dataset apart = noise_set(5, 2);
  for (const size_t row : {size_t{0}, size_t{3}})
    std::ranges::copy(learned.picture(row), apart.pixels.begin() + static_cast<ptrdiff_t>(row * apart.picture_bytes()));
  EXPECT_EQ(copies_of_training(learned, apart), (std::vector<bool>{true, false, false, false, false}));
}

TEST(Duplicates, ATwinIsTheFirstOfItsKind) {
  Dataset set = noise_set(6);
  copy_picture(set, 2, 4);
  copy_picture(set, 2, 5);
  EXPECT_EQ(set.duplicate_of, (std::vector<int32_t>{0, 1, 2, 3, 2, 2}));
}

TEST(Duplicates, OnePixelMakesAnother) {
  Dataset set = noise_set(2);
  copy_picture(set, 0, 1);
  set.pixels.back() ^= 1;
  EXPECT_EQ(find_duplicates(set), (std::vector<int32_t>{0, 1}));
}

}  // namespace
}  // namespace dimple::data
