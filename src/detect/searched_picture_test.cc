#include "detect/searched_picture.h"

#include <gtest/gtest.h>

namespace dimple::detect {
namespace {

media::Picture slope(int width, int height, int channels) {
  media::Picture picture(width, height, channels);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (int c = 0; c < channels; ++c) picture.at(x, y)[c] = static_cast<uint8_t>(x * 3 + y * 5);
  return picture;
}

TEST(SearchedPicture, APartHoldsThePixelsOfTheWhole) {
  const media::Picture picture = slope(600, 500, 3);
  const SearchedPicture searched(picture, {});
  EXPECT_EQ(searched.scale(), 1);
  EXPECT_EQ(searched.area(), (image::Box{-120, -100, 840, 700}));
  const SearchedPart whole = searched.whole(), part = searched.part({-50, 90, 80, 70});
  ASSERT_EQ(part.grey.width, 80);
  ASSERT_EQ(part.grey.height, 70);
  for (int y = 0; y < 70; ++y)
    for (int x = 0; x < 80; ++x) ASSERT_EQ(*part.grey.at(x, y), *whole.grey.at(x + 120 - 50, y + 100 + 90));
}

TEST(SearchedPicture, APartIsCutOffWhereTheAreaEnds) {
  const media::Picture picture = slope(600, 500, 1);
  const SearchedPicture searched(picture, {});
  EXPECT_EQ(searched.part({-500, -500, 600, 600}).source, (image::Box{-120, -100, 220, 200}));
}

// A place in any part, at any size, is the same place in the picture.
TEST(SearchedPicture, BoxesFindTheirWayBack) {
  for (const int side : {100, 600, 3000}) {
    const media::Picture picture = slope(side, side, 1);
    const SearchedPicture searched(picture, {});
    const image::Box face{side / 4, side / 3, side / 5, side / 5};
    for (const SearchedPart& part :
         {searched.whole(), searched.whole(2), searched.part({side / 8, side / 8, side / 2, side / 2})}) {
      const double across = double(part.grey.width) / part.source.width;
      const auto at = [&](int position, int origin) { return static_cast<float>((position - origin) * across); };
      const image::Box back =
          part.box_of({at(face.x, part.source.x), at(face.y, part.source.y), at(face.width, 0), at(face.height, 0), 1});
      EXPECT_NEAR(back.x, face.x, 1);
      EXPECT_NEAR(back.y, face.y, 1);
      EXPECT_NEAR(back.width, face.width, 1);
      EXPECT_NEAR(back.height, face.height, 1);
    }
  }
}

}  // namespace
}  // namespace dimple::detect
