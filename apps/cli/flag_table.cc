#include "flag_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace dimple::cli {
namespace {

constexpr int kFlagColumns = 28;

std::vector<std::string> wrapped(std::string_view text, int columns) {
  std::vector<std::string> lines(1);
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    const std::string word(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    std::string& line = lines.back();
    if (!line.empty() && host::columns_of(line) + 1 + host::columns_of(word) > columns) {
      lines.push_back(word);
    } else {
      line += (line.empty() ? "" : " ") + word;
    }
  }
  return lines;
}

}  // namespace

std::string flag_table(const std::vector<FlagHelp>& flags, const host::Terminal& terminal) {
  std::string text;
  for (const FlagHelp& flag : flags) {
    std::string right = flag.help;
    if (!flag.default_text.empty()) right += fmt::format(" [{}]", flag.default_text);
    const std::vector<std::string> lines = wrapped(right, std::max(terminal.width - kFlagColumns - 2, 30));
    const bool long_flag = host::columns_of(flag.flag) >= kFlagColumns - 1;
    std::string left = styled(terminal, host::Style::cyan, flag.flag);
    left += std::string(static_cast<size_t>(std::max(0, kFlagColumns - host::columns_of(flag.flag))), ' ');
    if (long_flag) left += fmt::format("\n  {:{}}", "", kFlagColumns);
    for (size_t i = 0; i < lines.size(); ++i) {
      text += "  " + (i == 0 ? left : std::string(kFlagColumns, ' ')) + lines[i] + "\n";
    }
  }
  return text;
}

}  // namespace dimple::cli
