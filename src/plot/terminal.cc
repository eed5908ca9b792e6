#include "plot/terminal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace dimple::plot {

using host::columns_of;
using host::Style;
using host::Terminal;

namespace {

std::string repeated(const char* piece, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += piece;
  return text;
}

}  // namespace

std::string bar(double share, int columns, const Terminal& terminal) {
  static constexpr std::array<const char*, 8> kPart{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  share = std::isfinite(share) ? std::clamp(share, 0.0, 1.0) : 0;
  if (!terminal.unicode) {
    const int full = static_cast<int>(std::lround(share * columns));
    return repeated("#", full) + repeated(".", columns - full);
  }
  const int eighths = static_cast<int>(std::lround(share * columns * 8));
  const std::string filled = repeated("█", eighths / 8) + kPart[static_cast<size_t>(eighths % 8)];
  return filled + repeated(" ", columns - columns_of(filled));
}

std::string table(const std::vector<Column>& columns, const std::vector<std::vector<std::string>>& rows,
                  const Terminal& terminal) {
  std::vector<int> widths;
  for (size_t i = 0; i < columns.size(); ++i) {
    int width = columns_of(columns[i].title);
    for (const std::vector<std::string>& row : rows) width = std::max(width, columns_of(row[i]));
    widths.push_back(width);
  }
  std::string head, text;
  const auto cell = [&](size_t i, const std::string& words) {
    const std::string aligned =
        columns[i].right ? host::right_aligned(words, widths[i]) : host::padded(words, widths[i]);
    return (i == 0 ? "" : "  ") + aligned;
  };
  const auto add = [&](std::string& to, const std::string& line) {
    to += line.substr(0, line.find_last_not_of(' ') + 1);
  };
  std::string line;
  for (size_t i = 0; i < columns.size(); ++i) line += cell(i, columns[i].title);
  add(head, line);
  text = styled(terminal, Style::dim, head) + "\n";
  for (const std::vector<std::string>& row : rows) {
    line.clear();
    for (size_t i = 0; i < columns.size(); ++i) line += cell(i, row[i]);
    add(text, line);
    text += '\n';
  }
  return text;
}

std::string confusion_table(const std::vector<std::string>& names, const std::vector<int64_t>& counts,
                            const Terminal& terminal) {
  static constexpr std::array<const char*, 5> kShades{" ", "░", "▒", "▓", "█"};
  const size_t n = names.size();
  size_t longest = 5;
  for (const std::string& name : names) longest = std::max(longest, name.size());
  const int left = static_cast<int>(longest), width = 8;
  std::string text = styled(terminal, Style::dim, host::padded("label", left));
  for (const std::string& name : names) {
    text += styled(terminal, Style::dim, host::right_aligned(name.substr(0, static_cast<size_t>(width - 1)), width));
  }
  text += '\n';
  for (size_t row = 0; row < n; ++row) {
    const auto first = counts.begin() + static_cast<std::ptrdiff_t>(row * n);
    const auto total = static_cast<double>(std::accumulate(first, first + static_cast<std::ptrdiff_t>(n), int64_t{0}));
    text += host::padded(names[row], left);
    for (size_t column = 0; column < n; ++column) {
      const double share = total > 0 ? static_cast<double>(counts[row * n + column]) / total : 0;
      const auto level = static_cast<size_t>(std::lround(share * 4));
      const std::string mark = terminal.unicode ? std::string(kShades[level]) + kShades[level] : "  ";
      std::string cell = host::right_aligned(fmt::format("{} {:3.0f}%", mark, 100 * share), width);
      if (row == column)
        cell = styled(terminal, Style::bold, cell);
      else if (share < 0.05)
        cell = styled(terminal, Style::dim, cell);
      text += cell;
    }
    text += host::right_aligned(fmt::format("{:.0f}", total), 8) + "\n";
  }
  return text;
}

}  // namespace dimple::plot
