#include "host/toml.h"

#include <gtest/gtest.h>

namespace dimple::host {
namespace {

TEST(Toml, TablesListsAndValuesBecomeJson) {
  const Json json = parse_toml("a = 1\nb = 2.0\nc = [true, 'x']\n[d]\ne = 'f'\n[[g]]\nh = 3\n[[g]]\nh = 4\n", "test");
  EXPECT_EQ(json.at("a"), 1);
  EXPECT_TRUE(json.at("b").is_number_float());
  EXPECT_EQ(json.at("c"), Json::parse("[true, \"x\"]"));
  EXPECT_EQ(json.at("d").at("e"), "f");
  EXPECT_EQ(json.at("g").at(1).at("h"), 4);
}

TEST(Toml, AMistakeNamesFileAndLine) {
  try {
    parse_toml("a = 1\nb = = 2\n", "my.toml");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.exit(), Exit::usage);
    EXPECT_NE(std::string(error.what()).find("my.toml: line 2"), std::string::npos) << error.what();
  }
  EXPECT_THROW(parse_toml("when = 2026-01-01\n", "my.toml"), Error);
}

}  // namespace
}  // namespace dimple::host
