#include "model/card.h"

#include <gmock/gmock.h>

namespace dimple::model {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Card, AlwaysSaysWhatTheModelMustNotBeUsedFor) {
  const std::string page = print_card({.name = "x"});
  for (const char* use : {"hiring", "at work, at school", "lie detection", "diagnosis", "Limits", "Intended use"})
    EXPECT_THAT(page, HasSubstr(use));
}

TEST(Card, AdmitsWhatWasNotMeasured) {
  const std::string page = print_card({.name = "x"});
  EXPECT_THAT(page, HasSubstr("Not measured yet"));
  EXPECT_THAT(page, HasSubstr("neither age nor sex"));
}

TEST(Card, ShowsFiguresWithTheirIntervals) {
  Card card{.name = "x", .labels = {"happy", "sad"}};
  card.weight_bytes = 99'840;
  card.figures = {{"accuracy, raw", 0.63, 0.61, 0.65}, {"int8 minus float", -0.001, {}, {}}};
  card.per_class = {{"happy", 879, 0.8, 0.85, 0.824}};
  card.confusion = {{10, 2}, {3, 40}};
  const std::string page = print_card(card);
  EXPECT_THAT(page, HasSubstr("| accuracy, raw | 0.6300 | 0.6100 to 0.6500 |"));
  EXPECT_THAT(page, HasSubstr("| int8 minus float | -0.0010 | not estimated |"));
  EXPECT_THAT(page, HasSubstr("| Bytes of weights | 99,840 |"));
  EXPECT_THAT(page, HasSubstr("| happy | 10 | 2 |"));
  EXPECT_THAT(page, Not(HasSubstr("Multiply-adds")));
}

}  // namespace
}  // namespace dimple::model
