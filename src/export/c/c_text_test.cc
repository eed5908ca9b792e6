#include "export/c/c_text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

namespace dimple::exports {
namespace {

TEST(CLiteral, EveryFloatReadsBackAsItself) {
  std::mt19937 random(7);
  for (int i = 0; i < 20000; ++i) {
    const auto bits = static_cast<uint32_t>(random());
    float value;
    std::memcpy(&value, &bits, sizeof value);
    if (!std::isfinite(value)) continue;
    const std::string text = c_literal(value);
    EXPECT_EQ(text.back(), 'f');
    EXPECT_NE(text.find_first_of(".e"), std::string::npos) << text;
    EXPECT_EQ(std::strtof(text.c_str(), nullptr), value) << text;
  }
}

TEST(CLiteral, NumbersThatCHasNoLiteralFor) {
  EXPECT_EQ(c_literal(1.0f), "1.0f");
  EXPECT_EQ(c_literal(std::numeric_limits<float>::infinity()), "__builtin_inff()");
  EXPECT_EQ(c_literal(-std::numeric_limits<float>::infinity()), "-__builtin_inff()");
  EXPECT_EQ(c_literal(INT32_MIN), "(-2147483647 - 1)");
  EXPECT_EQ(c_literal(INT32_MAX), "2147483647");
}

TEST(CString, NothingEscapesItsQuotes) {
  EXPECT_EQ(c_string("sad"), "\"sad\"");
  EXPECT_EQ(c_string("a\"; system(\"x\\"), "\"a\\\"; system(\\\"x\\\\\"");
  EXPECT_EQ(c_string("new\nline1 ?\?/"), "\"new\\012line1 \\077\\077/\"");
  EXPECT_EQ(c_string("\xC3\xA9"), "\"\\303\\251\"");
}

TEST(CIdentifier, IsOneWhateverTheModelIsCalled) {
  EXPECT_EQ(c_identifier("dimple-nano"), "dimple_nano");
  EXPECT_EQ(c_identifier("7 faces"), "_7_faces");
  EXPECT_EQ(c_identifier(""), "_");
  EXPECT_EQ(c_macro("dimple-nano"), "DIMPLE_NANO");
}

TEST(CText, IndentsWhatIsInside) {
  CText text;
  text.open("int f(void) {{");
  text.line("return {};", 3);
  text.close("}");
  EXPECT_EQ(text.text(), "int f(void) {\n  return 3;\n}\n");
}

TEST(CText, ATableKeepsToTheColumns) {
  CText text;
  const std::vector<int8_t> values(100, -100);
  text.table("weights", values);
  EXPECT_TRUE(text.text().starts_with("static const int8_t weights[100] = {\n  -100, -100,"));
  EXPECT_TRUE(text.text().ends_with("-100\n};\n"));
  size_t longest = 0;
  for (size_t at = 0; at < text.text().size();) {
    const size_t end = text.text().find('\n', at);
    longest = std::max(longest, end - at);
    at = end + 1;
  }
  EXPECT_LE(longest, 120u);
}

}  // namespace
}  // namespace dimple::exports
