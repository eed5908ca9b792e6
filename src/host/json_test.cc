#include "host/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dimple::host {

TEST(ParseJson, KeepsTheOrderOfTheKeys) { EXPECT_EQ(parse_json(R"({"b":1,"a":2})", "x").dump(), R"({"b":1,"a":2})"); }

TEST(ParseJson, RefusesWhatIsDamagedOrTooDeep) {
  for (const std::string& text :
       {std::string("{"), std::string("nope"), std::string("\"\xff\""), std::string(100000, '[')}) {
    EXPECT_THROW(parse_json(text, "labels.json"), Error);
  }
}

TEST(ParseJson, NamesAMissingOrWrongValue) {
  const Json json = parse_json(R"({"n":"x"})", "x");
  EXPECT_THROW(json_value<int>(json, "n", "card"), Error);
  EXPECT_THROW(json_value<int>(json, "m", "card"), Error);
}

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
