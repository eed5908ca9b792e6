#include "plot/terminal.h"

#include <gmock/gmock.h>

#include <cmath>

namespace dimple::plot {
namespace {

using testing::HasSubstr;
using testing::Not;

const host::Terminal kPlain{.is_terminal = false, .colour = false, .unicode = false, .width = 80};
const host::Terminal kRich{.is_terminal = true, .colour = true, .unicode = true, .width = 80};

TEST(TerminalBar, IsAlwaysAsWideAsAskedFor) {
  for (const host::Terminal& terminal : {kPlain, kRich}) {
    for (double share = -0.5; share < 1.5; share += 0.01) {
      EXPECT_EQ(host::columns_of(bar(share, 20, terminal)), 20) << share;
    }
  }
}

TEST(TerminalBar, GrowsWithTheShare) {
  EXPECT_EQ(bar(0, 4, kPlain), "....");
  EXPECT_EQ(bar(0.5, 4, kPlain), "##..");
  EXPECT_EQ(bar(1, 4, kRich), "████");
  EXPECT_EQ(bar(0.125, 4, kRich), "▌   ");
  EXPECT_EQ(bar(std::nan(""), 4, kPlain), "....");
}

TEST(TerminalTable, AlignsNumbersToTheRight) {
  EXPECT_EQ(table({{"name"}, {"n", true}}, {{"happy", "7"}, {"sad", "1234"}}, kPlain),
            "name      n\n"
            "happy     7\n"
            "sad    1234\n");
}

TEST(TerminalConfusion, GivesShareOfTheRowAndSendsNoEscapesToAFile) {
  const std::string plain = confusion_table({"happy", "sad"}, {3, 1, 0, 0}, kPlain);
  EXPECT_THAT(plain, HasSubstr("75%"));
  EXPECT_THAT(plain, HasSubstr("25%"));
  EXPECT_THAT(plain, Not(HasSubstr("\x1b")));
  EXPECT_THAT(plain, Not(HasSubstr("nan")));
  EXPECT_THAT(confusion_table({"happy", "sad"}, {3, 1, 0, 0}, kRich), HasSubstr("\x1b[1m"));
}

}  // namespace
}  // namespace dimple::plot
