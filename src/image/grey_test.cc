#include "image/grey.h"

#include <gtest/gtest.h>

#include <vector>

namespace dimple::image {
namespace {

TEST(Grey, LeavesGreyAsItIs) {
  for (int p = 0; p < 256; ++p) EXPECT_EQ(grey_of(p, p, p), p);
}

TEST(Grey, WeighsGreenMost) {
  EXPECT_EQ(grey_of(255, 0, 0), 77);
  EXPECT_EQ(grey_of(0, 255, 0), 149);
  EXPECT_EQ(grey_of(0, 0, 255), 29);
}

TEST(ConvertChannels, WorksInPlaceFromRgbToGrey) {
  std::vector<uint8_t> p = {1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4};
  ASSERT_EQ(convert_channels(packed(static_cast<const uint8_t*>(p.data()), 2, 2, 3), packed(p.data(), 2, 2, 1)),
            Status::ok);
  EXPECT_EQ(std::vector<uint8_t>(p.begin(), p.begin() + 4), (std::vector<uint8_t>{1, 2, 3, 4}));
}

TEST(ConvertChannels, RepeatsGreyThreeTimes) {
  const std::vector<uint8_t> in = {5, 6};
  std::vector<uint8_t> out(6);
  ASSERT_EQ(convert_channels(packed(in.data(), 2, 1, 1), packed(out.data(), 2, 1, 3)), Status::ok);
  EXPECT_EQ(out, (std::vector<uint8_t>{5, 5, 5, 6, 6, 6}));
}

TEST(ConvertChannels, RefusesOtherSizes) {
  std::vector<uint8_t> p(12);
  const View in = packed(static_cast<const uint8_t*>(p.data()), 2, 2, 3);
  EXPECT_EQ(convert_channels(in, packed(p.data(), 2, 1, 1)), Status::bad_argument);
  EXPECT_EQ(convert_channels(in, packed(p.data(), 2, 2, 2)), Status::bad_argument);
}

}  // namespace
}  // namespace dimple::image
