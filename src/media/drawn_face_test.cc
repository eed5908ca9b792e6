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

TEST(DrawnFace, BrowsAndLidsLeaveTheMouthAsItIs) {
  const Picture calm = draw_face({.size = 96}), cross = draw_face({.size = 96, .brow = -1, .frown = 1, .lids = 0.5f});
  int above = 0, below = 0;
  for (int y = 0; y < 96; ++y)
    for (int x = 0; x < 96; ++x) (y < 56 ? above : below) += *calm.at(x, y) != *cross.at(x, y);
  EXPECT_GT(above, 100);
  EXPECT_EQ(below, 0);
}

TEST(DrawnFace, FramedItFillsThePicture) {
  const Picture face = draw_framed_face({.size = 48});
  EXPECT_EQ(face.width, 48);
  EXPECT_EQ(face.height, 48);
  EXPECT_GT(*face.at(8, 24), 120);  // skin, where the whole drawing shows hair
}

}  // namespace
}  // namespace dimple::media
