#include "host/json.h"

#include <gmock/gmock.h>

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

}  // namespace dimple::host
