#include "metrics/classification.h"

#include <gmock/gmock.h>

#include <cmath>

namespace dimple::metrics {
namespace {

using testing::ElementsAre;

// Six rows of three classes; answers 0 0 1 1 0 1, labels 0 0 0 1 1 1; class 2 does not occur at all.
const std::vector<float> kScores{0.8f, 0.1f, 0.1f, 0.6f, 0.3f, 0.1f, 0.2f, 0.7f, 0.1f,
                                 0.1f, 0.9f, 0.0f, 0.5f, 0.4f, 0.1f, 0.3f, 0.6f, 0.1f};
const std::vector<int32_t> kLabels{0, 0, 0, 1, 1, 1};

TEST(Classification, AgreesWithFiguresWorkedOutByHand) {
  const Classification c = classify(kScores, kLabels, 3);
  EXPECT_EQ(c.count, 6);
  EXPECT_DOUBLE_EQ(c.accuracy, 4.0 / 6);
  EXPECT_THAT(c.confusion, ElementsAre(2, 1, 0, 1, 2, 0, 0, 0, 0));
  EXPECT_DOUBLE_EQ(c.per_class[0].precision, 2.0 / 3);
  EXPECT_DOUBLE_EQ(c.per_class[0].recall, 2.0 / 3);
  EXPECT_DOUBLE_EQ(c.per_class[0].f1, 2.0 / 3);
  EXPECT_EQ(c.per_class[1].support, 3);
}

TEST(Classification, LeavesAnAbsentClassOutOfTheMeans) {
  const Classification c = classify(kScores, kLabels, 3);
  EXPECT_DOUBLE_EQ(c.balanced_accuracy, 2.0 / 3);
  EXPECT_DOUBLE_EQ(c.f1_macro, 2.0 / 3);
  EXPECT_EQ(c.per_class[2].support, 0);
  EXPECT_DOUBLE_EQ(c.per_class[2].f1, 0);
}

TEST(Classification, CountsAClassThatIsOnlyAnsweredAgainstF1) {
  const std::vector<float> scores{1, 0, 0, 1};  // answers 0 1, labels 0 0
  const Classification c = classify(scores, std::vector<int32_t>{0, 0}, 2);
  EXPECT_DOUBLE_EQ(c.balanced_accuracy, 0.5);
  EXPECT_DOUBLE_EQ(c.f1_macro, (2.0 / 3 + 0) / 2);
}

TEST(Classification, CalibrationErrorIsTheGapBetweenScoreAndAccuracy) {
  const std::vector<float> sure{1, 0, 1, 0};
  EXPECT_DOUBLE_EQ(classify(sure, std::vector<int32_t>{0, 0}, 2).ece, 0);
  EXPECT_DOUBLE_EQ(classify(sure, std::vector<int32_t>{0, 1}, 2).ece, 0.5);
  EXPECT_DOUBLE_EQ(classify(sure, std::vector<int32_t>{1, 1}, 2).ece, 1);
  // One row in each of two bins: 0.8 right, 0.6 wrong.
  const std::vector<float> two{0.8f, 0.2f, 0.6f, 0.4f};
  EXPECT_NEAR(classify(two, std::vector<int32_t>{0, 1}, 2).ece, 0.5 * 0.2 + 0.5 * 0.6, 1e-6);
}

TEST(Classification, LogLossIsFiniteForAConfidentMistake) {
  const std::vector<float> half{0.5f, 0.5f};
  EXPECT_NEAR(classify(half, std::vector<int32_t>{1}, 2).log_loss, std::log(2.0), 1e-12);
  const std::vector<float> wrong{1, 0};
  EXPECT_NEAR(classify(wrong, std::vector<int32_t>{1}, 2).log_loss, -std::log(1e-12), 1e-9);
}

TEST(Classification, OfNothingIsZeroAndNotNan) {
  const Classification c = classify({}, {}, 3);
  EXPECT_EQ(c.count, 0);
  EXPECT_DOUBLE_EQ(c.accuracy + c.balanced_accuracy + c.f1_macro + c.ece, 0);
}

TEST(Classification, CountsARowAsOftenAsItIsNamed) {
  const std::vector<int32_t> rows{0, 0, 2};
  const Classification c = classify(kScores, kLabels, 3, rows);
  EXPECT_DOUBLE_EQ(c.accuracy, 2.0 / 3);
  EXPECT_EQ(c.per_class[0].support, 3);
}

TEST(Classification, TakesTheFirstOfEqualScores) { EXPECT_EQ(answer_of(std::vector<float>{0.2f, 0.4f, 0.4f}), 1); }

TEST(Classification, ScoresThatAreNoNumbersAreCountedNotFollowed) {
  const float nan = std::nanf("");
  const std::vector<float> scores{nan, nan, nan, 0.1f, 0.8f, 0.1f};
  const std::vector<int32_t> labels{2, 1};
  const Classification c = classify(scores, labels, 3);
  EXPECT_EQ(c.count, 2);
  EXPECT_EQ(c.accuracy, 0.5);
  EXPECT_TRUE(std::isfinite(c.log_loss));
  EXPECT_TRUE(std::isfinite(c.ece));
}

}  // namespace
}  // namespace dimple::metrics
