#include "host/csv.h"

#include <gmock/gmock.h>

#include "host/files.h"
#include "host/growth_testing.h"
#include "host/own_folder_testing.h"

namespace dimple::host {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Csv, ReadsBackWhatItWrote) {
  const std::vector<std::string> fields{"plain", "with, comma", "with \"quotes\"", "two\nlines", ""};
  EXPECT_THAT(parse_csv(csv_line(fields) + csv_line({"x"}), "x"), ElementsAre(fields, std::vector<std::string>{"x"}));
}

TEST(Csv, TakesAnyLineEndingAndAByteOrderMark) {
  EXPECT_THAT(parse_csv("\xEF\xBB\xBF"
                        "a,b\r\nc,d\n\ne,f",
                        "x"),
              ElementsAre(ElementsAre("a", "b"), ElementsAre("c", "d"), ElementsAre("e", "f")));
}

TEST(Csv, AMarkInFrontOfAFieldIsKept) {
  EXPECT_THAT(parse_csv(csv_line({"\xEF\xBB\xBF", "b"}), "x"), ElementsAre(ElementsAre("\xEF\xBB\xBF", "b")));
}

TEST(Csv, ARowKnowsItsLineInTheFile) {
  const auto rows = parse_csv("a\n\n\nb,\"two\nlines\"\r\nc\rd", "x");
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_EQ(rows[1].line, 4u);
  EXPECT_EQ(rows[2].line, 6u);
  EXPECT_EQ(rows[3].line, 7u);
}

TEST(Csv, WhatIsNoTextIsNamed) {
  const auto said_of = [](const std::string& text) -> std::string {
    write_atomic(own_folder() / "list.csv", text);
    try {
      read_csv_text(own_folder() / "list.csv");
    } catch (const Error& error) {
      return error.exit() == Exit::input ? error.what() : "another exit code";
    }
    return "";
  };
  EXPECT_THAT(said_of(std::string("\xFF\xFEp\0a\0", 6)), HasSubstr("it is UTF-16"));
  EXPECT_THAT(said_of(std::string("path\na\0b\n", 9)), HasSubstr("it holds a NUL byte"));
  EXPECT_EQ(said_of("\xEF\xBB\xBFpath\n"), "");
}

TEST(Csv, TakesTimeByTheSizeOfTheText) {
  for (const char* piece : {"\"", "\"\"\"a\"\"\",", "\r", "\",\"\n", "\"\n", "a,b\n"}) {
    const auto read = [&](size_t count) { parse_csv(repeated(count, piece), "x"); };
    EXPECT_TRUE(grows_with(read, 1000)) << piece;
  }
}

TEST(Csv, ARowHasOnlySoManyFields) {
  EXPECT_EQ(parse_csv(repeated(kMostCsvFields - 1, ","), "x").at(0).size(), kMostCsvFields);
  try {
    parse_csv("a\n" + repeated(kMostCsvFields, ","), "t.csv");
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "cannot read t.csv, line 2: more than 10000 fields");
  }
}

TEST(Csv, NoTextIsAFormula) {
  EXPECT_EQ(csv_text("=1+1"), "'=1+1");
  EXPECT_EQ(csv_text("@x"), "'@x");
  EXPECT_EQ(csv_text("a=b"), "a=b");
  EXPECT_EQ(csv_text(""), "");
}

}  // namespace dimple::host
