#include "evaluate/figures.h"

#include <gtest/gtest.h>

#include "data/sets_testing.h"
#include "evaluate/compare.h"

namespace dimple::evaluate {
namespace {

// 60 pictures of two classes; answers right but for every fourth.
struct Read {
  data::Dataset set = data::noise_set(60);
  Answers answers;

  explicit Read(int wrong_every = 4) {
    set.labels = {"other", "happy"};
    for (int32_t& l : set.label) l = l == 1 ? 1 : 0;
    answers.classes = set.labels;
    for (int32_t row = 0; row < 60; ++row) {
      const int32_t label = set.label[static_cast<size_t>(row)];
      const float happy = (row % wrong_every == 0) == (label == 1) ? 0.3f : 0.7f;
      answers.rows.push_back(row), answers.labels.push_back(label);
      answers.scores.insert(answers.scores.end(), {1 - happy, happy});
    }
  }
};

TEST(Figures, TwoClassesHaveAucPrecisionAndRecallOfTheSecond) {
  const Read r;
  const Figures f = measure(r.set, r.answers, 100);
  EXPECT_NEAR(f["accuracy"].value, 0.75, 1e-9);
  EXPECT_NEAR(f["recall"].value, 0.75, 1e-9);    // 15 of 20
  EXPECT_NEAR(f["precision"].value, 0.6, 1e-9);  // 15 of 15 + 10
  EXPECT_NEAR(f["auc"].value, 0.75, 1e-9);       // (recall + specificity) / 2 for scores of two values
  for (const auto& [name, figure] : f.figures) {
    EXPECT_LE(figure.interval.low, figure.value) << name;
    EXPECT_GE(figure.interval.high, figure.value) << name;
    EXPECT_LT(figure.interval.low, figure.interval.high) << name;
  }
  EXPECT_EQ(to_json(f, r.set.labels).at("positive"), "happy");
}

TEST(Figures, SevenClassesHaveNone) {
  Read r;
  r.answers.classes = {"a", "b", "c"};
  r.answers.scores.clear();
  for (size_t i = 0; i < 60; ++i) r.answers.scores.insert(r.answers.scores.end(), {0.5f, 0.3f, 0.2f});
  const Figures f = measure(r.set, r.answers, 10);
  EXPECT_EQ(f.figures.size(), 4u);
  EXPECT_EQ(f["auc"].value, 0);
}

// All pictures of a person are right or all are wrong: drawn one by one, the interval would be far too narrow.
TEST(Figures, IntervalsDrawPeopleWhole) {
  Read r(1000);
  for (size_t i = 0; i < 60; ++i) {
    const bool wrong = i / 10 % 2 == 0;
    const float right = wrong ? 0.2f : 0.8f;
    for (size_t c = 0; c < 2; ++c)
      r.answers.scores[2 * i + c] = static_cast<int32_t>(c) == r.answers.labels[i] ? right : 1 - right;
  }
  const Figure alone = measure(r.set, r.answers, 1000)["accuracy"];
  for (size_t i = 0; i < 60; ++i) r.set.subject.push_back("S" + std::to_string(i / 10));
  const Figure people = measure(r.set, r.answers, 1000)["accuracy"];
  EXPECT_EQ(alone.value, people.value);
  EXPECT_GT(people.interval.high - people.interval.low, 2 * (alone.interval.high - alone.interval.low));
}

Comparison compared(const Read& a, const Read& b) {
  return compare(a.answers, b.answers, groups_of(a.set, a.answers.rows), 200);
}

TEST(Compare, CountsWhatOnlyOneReadsRight) {
  const Comparison c = compared(Read(4), Read(3));
  EXPECT_EQ(c.mcnemar.only_first, 15);   // every third but the twelfths
  EXPECT_EQ(c.mcnemar.only_second, 10);  // every fourth but the twelfths
  EXPECT_NEAR(c.difference[0].second.value, 5.0 / 60, 1e-9);
  EXPECT_LT(c.difference[0].second.interval.low, 5.0 / 60);
  EXPECT_GT(c.difference[0].second.interval.high, 5.0 / 60);
}

TEST(Compare, AModelDoesNotDifferFromItself) {
  const Comparison c = compared(Read(), Read());
  EXPECT_EQ(c.mcnemar.p, 1);
  for (const auto& [name, figure] : c.difference) {
    EXPECT_EQ(figure.value, 0);
    EXPECT_EQ(figure.interval.low, 0);
    EXPECT_EQ(figure.interval.high, 0);
  }
}

}  // namespace
}  // namespace dimple::evaluate
