#include "media/annotate.h"

#include <gtest/gtest.h>

#include <cmath>

namespace dimple::media {
namespace {

AnnotatedFace happy(image::Box box) {
  return {box, "happy", 0.9f, {{"angry", 0.02f}, {"happy", 0.9f}, {"sad", 0.08f}}, false, ""};
}

bool has_colour(const Picture& p, Colour c) {
  for (int y = 0; y < p.height; ++y)
    for (int x = 0; x < p.width; ++x) {
      const uint8_t* v = p.at(x, y);
      if (std::abs(v[0] - c.red) < 6 && std::abs(v[1] - c.green) < 6 && std::abs(v[2] - c.blue) < 6) return true;
    }
  return false;
}

int changed_within(const Picture& a, const Picture& b, image::Box box) {
  int count = 0;
  for (int y = box.y; y < box.y + box.height; ++y)
    for (int x = box.x; x < box.x + box.width; ++x) count += a.at(x, y)[0] != b.at(x, y)[0];
  return count;
}

TEST(Annotate, LeavesAPictureWithoutFacesAsItIs) {
  const Picture p(100, 80, 3, 60);
  EXPECT_EQ(annotate(p, {}), p);
  EXPECT_EQ(annotate(Picture(100, 80, 1, 60), {}), p);
}

TEST(Annotate, DrawsTheExpressionInItsColour) {
  const Picture out = annotate(Picture(700, 600, 3, 60), {happy({200, 200, 150, 150})});
  EXPECT_TRUE(has_colour(out, colour_of_expression("happy")));
  EXPECT_FALSE(has_colour(out, colour_of_expression("angry")));
}

TEST(Annotate, ShowsAnUncertainFaceWithoutAnExpressionsColour) {
  AnnotatedFace face = happy({200, 200, 150, 150});
  face.abstain = true;
  face.reason = "low score";
  face.scores.clear();
  EXPECT_FALSE(has_colour(annotate(Picture(700, 600, 3, 60), {face}), colour_of_expression("happy")));
}

TEST(Annotate, NeverCoversAFace) {
  const Picture blank(900, 700, 3, 60);
  const std::vector<AnnotatedFace> faces = {happy({100, 200, 150, 150}), happy({300, 200, 150, 150}),
                                            happy({500, 200, 150, 150})};
  const Picture out = annotate(blank, faces);
  for (const AnnotatedFace& face : faces)
    EXPECT_EQ(changed_within(out, blank, {face.box.x + 20, face.box.y + 20, 110, 110}), 0);
}

TEST(Annotate, EnlargesWhatIsTooSmallForLetters) {
  const Picture out = annotate(Picture(48, 48, 1, 60), {happy({8, 8, 32, 32})});
  EXPECT_EQ(out.width % 48, 0);
  EXPECT_GE(out.width, 480);
}

TEST(Annotate, SurvivesBoxesOutsideOfThePicture) {
  for (const image::Box box :
       {image::Box{-500, -500, 2000, 2000}, image::Box{600, 600, 50, 50}, image::Box{-90, 10, 80, 80}})
    EXPECT_EQ(annotate(Picture(600, 600, 3), {happy(box)}).width, 600);
  EXPECT_GT(annotate(Picture(1, 1, 3), {happy({0, 0, 1, 1})}).width, 0);
  EXPECT_GT(annotate(Picture(2000, 3, 3), {happy({0, 0, 3, 3})}).width, 0);
}

}  // namespace
}  // namespace dimple::media
