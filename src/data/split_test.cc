#include "data/split.h"

#include "data/sets_testing.h"

namespace dimple::data {
namespace {

Dataset set_with_subjects(int32_t pictures, int32_t subjects) {
  Dataset set = noise_set(pictures);
  host::Random random(3);
  for (int32_t i = 0; i < pictures; ++i)
    set.subject.push_back("S" + std::to_string(random.below(static_cast<uint32_t>(subjects))));
  return set;
}

TEST(SubjectFolds, NoSubjectIsInTwo) {
  Dataset set = set_with_subjects(400, 60);
  const auto folds = subject_folds(set, 10);
  for (int32_t test = 0; test < 10; ++test) {
    split_by_fold(set, folds, 10, test);
    EXPECT_EQ(shared_subjects(set), 0) << test;
    EXPECT_FALSE(rows_of(set, Split::test).empty());
    EXPECT_FALSE(rows_of(set, Split::validation).empty());
  }
}

TEST(SubjectFolds, EveryPictureIsTestedOnce) {
  Dataset set = set_with_subjects(300, 40);
  const auto folds = subject_folds(set, 10);
  std::vector<int> tested(set.size());
  for (int32_t test = 0; test < 10; ++test) {
    split_by_fold(set, folds, 10, test);
    for (const int32_t row : rows_of(set, Split::test)) ++tested[static_cast<size_t>(row)];
  }
  EXPECT_EQ(std::ranges::count(tested, 1), static_cast<ptrdiff_t>(set.size()));
}

TEST(SubjectFolds, AreOfOneSizeAndAlwaysTheSame) {
  const Dataset set = set_with_subjects(1000, 120);
  const auto folds = subject_folds(set, 10);
  for (int32_t fold = 0; fold < 10; ++fold) EXPECT_NEAR(std::ranges::count(folds, fold), 100, 12);
  EXPECT_EQ(folds, subject_folds(set, 10));
}

TEST(SubjectFolds, RefuseWhatCannotBeSplit) {
  EXPECT_NE(input_error([] { subject_folds(noise_set(9), 3); }), "");
  EXPECT_NE(input_error([] { subject_folds(set_with_subjects(30, 3), 10); }), "");
}

TEST(DealSubjects, GivesEachPartItsShareAndNobodyTwice) {
  Dataset set = set_with_subjects(1000, 120);
  const auto part = deal_subjects(set, {7, 1, 2});
  EXPECT_NEAR(std::ranges::count(part, 0), 700, 15);
  EXPECT_NEAR(std::ranges::count(part, 1), 100, 15);
  EXPECT_NEAR(std::ranges::count(part, 2), 200, 15);
  for (size_t i = 0; i < set.size(); ++i) set.split[i] = static_cast<Split>(part[i]);
  EXPECT_EQ(shared_subjects(set), 0);
}

TEST(DealSubjects, RefusesRowsThatDoNotSayWhoIsShown) {
  Dataset set = set_with_subjects(100, 20);
  set.subject[3].clear();
  EXPECT_NE(input_error([&] { subject_folds(set, 5); }).find("1 pictures do not say"), std::string::npos);
}

TEST(PictureFolds, KeepCopiesTogether) {
  Dataset set = noise_set(300);
  copy_picture(set, 0, 200);
  const auto fold = picture_folds(set, 5);
  EXPECT_EQ(fold[0], fold[200]);
  for (int32_t f = 0; f < 5; ++f) EXPECT_NEAR(std::ranges::count(fold, f), 60, 25);
}

TEST(SharedSubjects, AreSeen) {
  Dataset set = noise_set(10);
  EXPECT_EQ(shared_subjects(set), 0);
  set.subject.assign(10, "person");
  EXPECT_EQ(shared_subjects(set), 1);
}

}  // namespace
}  // namespace dimple::data
