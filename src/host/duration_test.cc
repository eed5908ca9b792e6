#include "host/duration.h"

#include <gtest/gtest.h>

#include "host/error.h"

namespace dimple::host {
namespace {

TEST(Duration, IsReadAsPeopleTypeIt) {
  EXPECT_EQ(parse_duration("90s", "--time"), 90);
  EXPECT_EQ(parse_duration("30m", "--time"), 1800);
  EXPECT_EQ(parse_duration("2h", "--time"), 7200);
  EXPECT_EQ(parse_duration("1h30m", "--time"), 5400);
  EXPECT_EQ(parse_duration("1.5h", "--time"), 5400);
  EXPECT_EQ(parse_duration("1d2h3m4s", "--time"), 93784);
}

TEST(Duration, WhatIsNoneIsRefused) {
  for (const char* text :
       {"", "30", "m", "0s", "-5m", "5x", "30m2h", "1m1m", "nan", "infs", "1e3s", "5 m", "99999999999h"})
    EXPECT_THROW(parse_duration(text, "--time"), Error) << text;
}

TEST(Duration, IsPrintedTheSameWay) {
  for (const char* text : {"1s", "1m", "1h", "1h30m", "1h1s", "25h", "2m5s"})
    EXPECT_EQ(print_duration(parse_duration(text, "")), text);
  EXPECT_EQ(print_duration(0.2), "0s");
}

}  // namespace
}  // namespace dimple::host
