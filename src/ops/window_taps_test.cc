#include "ops/window_taps.h"

#include <gtest/gtest.h>

#include "ops/shape.h"

namespace dimple::ops {
namespace {

// Every tap, asked one by one, for all small windows, places and dilations.
TEST(WindowTaps, AreThoseThatLieInsideThePicture) {
  for (int dilation = 1; dilation <= 4; ++dilation)
    for (int size = 1; size <= 5; ++size)
      for (int extent = 1; extent <= 6; ++extent)
        for (int start = -(size - 1) * dilation; start < extent; ++start) {
          const TapRange taps = taps_inside(start, size, extent, dilation);
          for (int tap = 0; tap < size; ++tap) {
            const int at = start + tap * dilation;
            EXPECT_EQ(at >= 0 && at < extent, tap >= taps.first && tap < taps.last)
                << "tap " << tap << " of " << size << " from " << start << " by " << dilation << " in " << extent;
          }
        }
}

TEST(Window, ADilatedOneReachesFurther) {
  Window w{3, 2, 1, 1, 2, 0, 2, 0, 2, 3};
  Shape out;
  ASSERT_TRUE(w.slide({7, 9, 1}, out));
  EXPECT_EQ(out.height, 7);  // five rows from tap to tap, two of padding on either side
  EXPECT_EQ(out.width, 6);   // four columns
  w.dilation_h = 0;
  EXPECT_FALSE(w.slide({7, 9, 1}, out));
  w.dilation_h = 8;
  EXPECT_FALSE(w.slide({7, 9, 1}, out)) << "17 rows do not fit into 11";
}

}  // namespace
}  // namespace dimple::ops
