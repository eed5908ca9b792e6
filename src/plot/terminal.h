// Pictures made of characters: blocks where the terminal has them, plain ASCII elsewhere.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "host/terminal.h"

namespace dimple::plot {

// A bar `columns` wide, filled to `share` in [0, 1] in steps of an eighth of a column.
std::string bar(double share, int columns, const host::Terminal& terminal);

struct Column {
  std::string title;
  bool right = false;  // numbers
};

std::string table(const std::vector<Column>& columns, const std::vector<std::vector<std::string>>& rows,
                  const host::Terminal& terminal);

// Rows are labels, columns are answers; per cent of the row, the diagonal stands out.
std::string confusion_table(const std::vector<std::string>& names, const std::vector<int64_t>& counts,
                            const host::Terminal& terminal);

}  // namespace dimple::plot
