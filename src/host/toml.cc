#include "host/toml.h"

#include <fmt/format.h>

#include <algorithm>

namespace dimple::host {
namespace {

// Where the string that begins here ends: its last quote, or the end of the text.
size_t end_of_string(std::string_view text, size_t at) {
  const char quote = text[at];
  const std::string_view three = quote == '"' ? "\"\"\"" : "'''";
  const bool escapes = quote == '"', block = text.substr(at).starts_with(three);
  for (at += block ? 3 : 1; at < text.size(); ++at) {
    if (escapes && text[at] == '\\')
      ++at;
    else if (!block && (text[at] == quote || text[at] == '\n'))
      return at;
    else if (block && text.substr(at).starts_with(three)) {
      const size_t behind = std::min(text.find_first_not_of(quote, at), text.size());
      return std::min(behind, at + 5) - 1;  // two quotes may stand inside, in front of the three
    }
  }
  return text.size();
}

// The line in which the text nests too deep; 0: nowhere. Looked for in front of the parser: tables that are nested half
// a million times are destroyed one inside another, which no stack survives.
size_t line_too_deep(std::string_view text) {
  size_t line = 1;
  int open = 0, dots = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '#') at = std::min(text.find('\n', at), text.size()) - 1;
    if (c == '"' || c == '\'') {
      const size_t end = end_of_string(text, at);
      line += static_cast<size_t>(std::ranges::count(text.substr(at, end - at), '\n'));
      at = end - (end < text.size() && text[end] == '\n');
    }
    if (c == '[' || c == '{') ++open;
    if (c == ']' || c == '}') open = std::max(0, open - 1);
    dots += c == '.';
    if (std::string_view("=,[]{}\n").find(c) != std::string_view::npos) dots = 0;
    line += c == '\n';
    if (open > kDeepestToml || dots >= kDeepestToml) return line;
  }
  return 0;
}

}  // namespace

toml::table parse_toml_table(std::string_view text, const std::string& what, Exit exit) {
  if (const size_t line = line_too_deep(text))
    throw Error(exit, fmt::format("cannot understand {}: line {}: nested deeper than {}", what, line, kDeepestToml));
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& problem) {
    throw Error(exit, fmt::format("cannot understand {}: line {}: {}", what, problem.source().begin.line,
                                  problem.description()));
  }
}

}  // namespace dimple::host
