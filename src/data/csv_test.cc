#include "data/csv.h"

#include <gmock/gmock.h>

#include "data/sets_testing.h"
#include "host/growth_testing.h"

namespace dimple::data {
namespace {

using testing::ElementsAre;

std::vector<std::string> lines_of(const std::vector<std::string>& chunks) {
  std::vector<std::string> lines;
  Lines cutter("x", [&](std::string_view line, int64_t number) {
    EXPECT_EQ(number, static_cast<int64_t>(lines.size()) + 1);
    lines.emplace_back(line);
  });
  for (const auto& chunk : chunks) cutter.feed(chunk);
  cutter.finish();
  return lines;
}

TEST(Lines, DoNotDependOnHowTheStreamWasCut) {
  const std::string text = "\xEF\xBB\xBFone,1\r\ntwo,2\n\nlast";
  for (size_t cut = 0; cut <= text.size(); ++cut)
    EXPECT_THAT(lines_of({text.substr(0, cut), text.substr(cut)}), ElementsAre("one,1", "two,2", "", "last")) << cut;
}

TEST(Lines, TakeTimeByTheSizeOfTheText) {
  for (const char* piece : {"\"", "\",", ",", " ,", "\r", "\n", "\"a, b\" ,\n"}) {
    const auto read = [&](size_t count) {
      std::vector<std::string_view> fields;
      Lines lines("x", [&](std::string_view line, int64_t) { split_fields(line, fields); });
      for (const char c : host::repeated(count, piece)) lines.feed({&c, 1});
      lines.finish();
    };
    EXPECT_TRUE(host::grows_with(read, 1000)) << piece;
  }
}

TEST(Lines, RefuseALineWithoutEnd) {
  const std::string chunk(Lines::kLongest / 2 + 1, 'a');
  EXPECT_NE(input_error([&] { lines_of({"ok\n", chunk, chunk}); }).find("line 2"), std::string::npos);
}

std::vector<std::string_view> fields_of_line(std::string_view line) {
  std::vector<std::string_view> fields;
  split_fields(line, fields);
  return fields;
}

TEST(SplitFields, TrimsBlanksAndQuotes) {
  EXPECT_THAT(fields_of_line("a, b ,\"c, d\",,"), ElementsAre("a", "b", "c, d", "", ""));
  EXPECT_THAT(fields_of_line(""), ElementsAre(""));
  EXPECT_THAT(fields_of_line("\"open, end"), ElementsAre("\"open, end"));
}

TEST(FindColumn, IgnoresCase) {
  EXPECT_EQ(find_column({"emotion", " Usage"}, "usage"), -1);
  EXPECT_EQ(find_column({"emotion", "Usage"}, "usage"), 1);
}

TEST(ParseNumber, TakesTheWholeTextOrNothing) {
  int64_t value = 0;
  EXPECT_TRUE(parse_number("6", 0, 6, value));
  for (const char* bad : {"7", "-1", "", "3x", " 3", "3.0", "99999999999999999999"})
    EXPECT_FALSE(parse_number(bad, 0, 6, value)) << bad;
}

}  // namespace
}  // namespace dimple::data
