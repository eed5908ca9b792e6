// Any text is rows or an error, and rows that were written are read again; a line of a row lies in the text.
#include "host/csv.h"
#include "host/error.h"

#include <algorithm>

#include "host/fuzz_testing.h"

std::vector<std::string> dimple::fuzz::seeds() {
  return {"path,label\na.png,happy\n\"b,c.png\",\"sa\"\"d\"\r\n\n,\n", "\"two\nlines\",1\n",
          "\xEF\xBB\xBF"
          "a;b\n"};
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace dimple;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<host::CsvRow> rows;
  try {
    rows = host::parse_csv(text, "fuzz");
  } catch (const host::Error&) {
    return 0;
  }
  std::string again;
  for (const host::CsvRow& row : rows) {
    if (row.line < 1 || row.line > size + 1) std::abort();
    again += host::csv_line(row);
  }
  const auto twice = host::parse_csv(again, "again");
  if (!std::ranges::equal(rows, twice, [](const auto& a, const auto& b) {
        return static_cast<const std::vector<std::string>&>(a) == b;
      }))
    std::abort();
  return 0;
}
