#include "plot/film.h"

#include <gmock/gmock.h>

namespace dimple::plot {
namespace {

using testing::HasSubstr;
using testing::Not;

Film two_frames() {
  Film f{.title = "a & b", .footnote = "", .labels = {"happy", "sad"}};
  f.frames = {{"happy", {0.75f, 0.25f}}, {"unsure", {0.5f, 0.5f}}};
  f.strip = {'M', 'a', 'n', 'y'};
  return f;
}

TEST(Film, ABarFollowsItsScoreAndComesBackToTheFirst) {
  const std::string svg = film(two_frames());
  EXPECT_THAT(svg, HasSubstr(R"(attributeName="width" dur="6s" repeatCount="indefinite" values="247.5;165.0;247.5")"));
  EXPECT_THAT(svg, HasSubstr(R"(values="#f7c948;#7aa2f7;#f7c948")"));
}

TEST(Film, ShowsTheAnswersThatAreGivenAndNoOthers) {
  const std::string svg = film(two_frames());
  EXPECT_THAT(svg, HasSubstr(R"(opacity="1">happy<animate)"));
  EXPECT_THAT(svg, HasSubstr(R"(opacity="0">unsure<animate)"));
  EXPECT_THAT(svg, Not(HasSubstr(R"(">sad<animate)")));
}

TEST(Film, HoldsItsPicturesAndEscapesItsTitle) {
  const std::string svg = film(two_frames());
  EXPECT_THAT(svg, HasSubstr("data:image/jpeg;base64,TWFueQ=="));
  EXPECT_THAT(svg, HasSubstr("a &amp; b"));
}

}  // namespace
}  // namespace dimple::plot
