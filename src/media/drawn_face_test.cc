#include "media/drawn_face.h"

#include <gtest/gtest.h>

namespace dimple::media {
namespace {

TEST(DrawnFace, HasASkinBrighterThanItsHairAndIsTheSameEveryTime) {
  for (const int channels : {1, 3}) {
    const Picture face = draw_face({.size = 48, .channels = channels});
    EXPECT_EQ(face, draw_face({.size = 48, .channels = channels}));
    EXPECT_GT(*face.at(20, 26), *face.at(24, 7) + 40);  // cheek and hair
  }
}

TEST(DrawnFace, ASmileChangesTheMouthAndNotTheHair) {
  const Picture glad = draw_face({.size = 96, .smile = 1}), sad = draw_face({.size = 96, .smile = -1});
  int above = 0, below = 0;
  for (int y = 0; y < 96; ++y)
    for (int x = 0; x < 96; ++x) (y < 48 ? above : below) += *glad.at(x, y) != *sad.at(x, y);
  EXPECT_EQ(above, 0);
  EXPECT_GT(below, 100);
}

}  // namespace
}  // namespace dimple::media
