#include "host/csv.h"

#include <gmock/gmock.h>

namespace dimple::host {

using testing::ElementsAre;

TEST(Csv, ReadsBackWhatItWrote) {
  const std::vector<std::string> fields{"plain", "with, comma", "with \"quotes\"", "two\nlines", ""};
  EXPECT_THAT(parse_csv(csv_line(fields) + csv_line({"x"})), ElementsAre(fields, std::vector<std::string>{"x"}));
}

TEST(Csv, TakesAnyLineEndingAndAByteOrderMark) {
  EXPECT_THAT(parse_csv("\xEF\xBB\xBF"
                        "a,b\r\nc,d\n\ne,f"),
              ElementsAre(ElementsAre("a", "b"), ElementsAre("c", "d"), ElementsAre("e", "f")));
}

}  // namespace dimple::host
