#include "host/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/growth_testing.h"

namespace dimple::host {

TEST(ParseJson, KeepsTheOrderOfTheKeys) { EXPECT_EQ(parse_json(R"({"b":1,"a":2})", "x").dump(), R"({"b":1,"a":2})"); }

TEST(ParseJson, RefusesWhatIsDamagedOrTooDeep) {
  for (const std::string& text :
       {std::string("{"), std::string("nope"), std::string("\"\xff\""), std::string(100000, '[')}) {
    EXPECT_THROW(parse_json(text, "labels.json"), Error);
  }
}

TEST(ParseJson, TheLimitThatIsPassedIsNamed) {
  using testing::HasSubstr;
  EXPECT_THAT(json_problem("[[[1]]]", {.deepest = 2}), "nested deeper than 2");
  EXPECT_THAT(json_problem("[1,[2],3]", {.values = 4}), "more than 4 values");
  EXPECT_THAT(json_problem(R"({"a":1,"b":{"c":1,"d":2}})", {.names = 1}), "more than 1 names in one object");
  EXPECT_THAT(json_problem(R"([{"a":1},{"a":1,"a":2}])", {}), "a name stands twice");
  EXPECT_THAT(json_problem("[1,", {}), HasSubstr("not valid JSON (byte"));
  EXPECT_THROW(parse_json("[" + repeated(1'000'000, "0,") + "0]", "x"), Error);
}

TEST(ParseJson, TakesTimeByTheSizeOfTheText) {
  const auto read = [](size_t lists) { parse_json("[" + repeated(lists, "[1],{},") + "0]", "x"); };
  EXPECT_TRUE(grows_with(read, 4000));
  const auto read_names = [](size_t names) {
    parse_json("{" + numbered(names, [](const std::string& i) { return '"' + i + "\":0,"; }) + "\"\":0}", "x");
  };
  EXPECT_TRUE(grows_with(read_names, 2000));
}

TEST(ParseJson, MakesWhatTheLibraryMakes) {
  const std::string text = R"({"a":[1,-2,2.5,"x",null,true,[],{}],"b":{"d":{"e":[[1],{"f":2}]},"c":[{"g":3}]},"h":""})";
  EXPECT_EQ(parse_json(text, "x"), Json::parse(text));
  EXPECT_EQ(parse_json(text, "x").dump(), text);
  EXPECT_EQ(parse_json(" 7 ", "x"), Json(7));
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

TEST(Toml, ReadsWhatItsLibraryHoldsForImpossible) {
  EXPECT_THROW(parse_toml("[[`a]]\n", "my.toml"), Error);
  EXPECT_EQ(parse_toml("a = '\xC3\xA9 \xCE\x84 \xEF\xB7\xBA'\n", "my.toml").at("a"), "\xC3\xA9 \xCE\x84 \xEF\xB7\xBA");
}

TEST(Toml, TakesTimeByTheSizeOfTheText) {
  const auto keys = [](size_t count) {
    parse_toml(numbered(count, [](const std::string& i) { return "k" + i + " = [1, 'x']\n"; }), "x");
  };
  EXPECT_TRUE(grows_with(keys, 500));
  const auto tables = [](size_t count) {
    parse_toml(numbered(count, [](const std::string& i) { return "[t" + i + ".u]\n[[a]]\nb.c = {d = 1}\n"; }), "x");
  };
  EXPECT_TRUE(grows_with(tables, 500));
  const auto quotes = [](size_t count) { parse_toml("a = '''" + repeated(count, "'\"\n#") + "'''\n", "x"); };
  EXPECT_TRUE(grows_with(quotes, 2000));
}

// toml++ nests a table for every dot, and destroys them one inside another.
TEST(Toml, NestsOnlySoDeep) {
  const auto refusal = [](const std::string& text) -> std::string {
    try {
      parse_toml(text, "x");
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  const std::string dots = repeated(500'000, "a.");
  EXPECT_EQ(refusal("# [[[\n\"\"\"'\n\"\"\"\"\" = 1\n[" + dots + "a]"),
            "cannot understand x: line 4: nested deeper than 16");
  for (const std::string& deep :
       {dots + "a = 1", dots + "a = =", "[[" + dots + "a]]", "b = {" + dots + "a = 1}", "b = " + repeated(17, "["),
        repeated(500'000, "\",\" . ") + "a = 1", repeated(17, "{a = ")})
    EXPECT_THAT(refusal(deep), testing::EndsWith("line 1: nested deeper than 16"));
  const std::string lists = "a = " + repeated(16, "[") + repeated(16, "]");
  EXPECT_EQ(refusal(lists + "\n" + repeated(15, "b.") + "b = 1"), "");
  EXPECT_EQ(refusal("a = '[[[[[[[[[[[[[[[[[[[' # " + dots + "\nb = \"...\\\"................\"\n" +
                    "c = \"\"\"\n.................\n\"\"\"\n[d]\ne = [" + repeated(100, "1.5, ") + "]"),
            "");
}

}  // namespace
}  // namespace dimple::host
