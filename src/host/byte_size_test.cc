#include "host/byte_size.h"

#include <gtest/gtest.h>

#include "host/error.h"

namespace dimple::host {
namespace {

TEST(ByteSize, IsReadAsPeopleTypeIt) {
  EXPECT_EQ(parse_byte_size("65536", "--ram"), 65536);
  EXPECT_EQ(parse_byte_size("64K", "--ram"), 65536);
  EXPECT_EQ(parse_byte_size("64KB", "--ram"), 65536);
  EXPECT_EQ(parse_byte_size("64kB", "--ram"), 65536);
  EXPECT_EQ(parse_byte_size("64KiB", "--ram"), 65536);
  EXPECT_EQ(parse_byte_size("1M", "--ram"), 1 << 20);
  EXPECT_EQ(parse_byte_size("1.5M", "--ram"), 3 << 19);
  EXPECT_EQ(parse_byte_size("2G", "--ram"), int64_t{2} << 30);
  EXPECT_EQ(parse_byte_size("7B", "--ram"), 7);
}

TEST(ByteSize, WhatIsNoneIsRefused) {
  for (const char* text : {"", "K", "0", "-1K", "64X", "64 K", "nan", "inf", "1e3", "64KK", "99999999G", "0.5"})
    EXPECT_THROW(parse_byte_size(text, "--ram"), Error) << text;
}

}  // namespace
}  // namespace dimple::host
