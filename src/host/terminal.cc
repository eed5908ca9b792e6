#include "host/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace dimple::host {
namespace {

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

bool locale_is_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {  // the first that is set decides
    const std::string_view value = environment(name);
    if (value.empty()) continue;
    const size_t dot = value.find('.');
    const std::string_view charset = dot == std::string_view::npos ? "" : value.substr(dot + 1);
    return charset.starts_with("UTF-8") || charset.starts_with("utf8") || charset.starts_with("utf-8");
  }
  return false;
}

const char* code_of(Style style) {
  switch (style) {
    case Style::plain: return "";
    case Style::bold: return "\x1b[1m";
    case Style::dim: return "\x1b[2m";
    case Style::red: return "\x1b[31m";
    case Style::green: return "\x1b[32m";
    case Style::yellow: return "\x1b[33m";
    case Style::blue: return "\x1b[34m";
    case Style::cyan: return "\x1b[36m";
  }
  return "";
}

}  // namespace

Terminal inspect_terminal(int descriptor) {
  Terminal terminal;
  terminal.is_terminal = ::isatty(descriptor) == 1;
  terminal.colour = terminal.is_terminal && environment("NO_COLOR").empty() && environment("TERM") != "dumb";
  terminal.unicode = locale_is_utf8();
  winsize size{};
  if (terminal.is_terminal && ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    terminal.width = std::clamp<int>(size.ws_col, 40, 200);
  }
  return terminal;
}

std::string styled(const Terminal& terminal, Style style, std::string_view text) {
  if (!terminal.colour || style == Style::plain) return std::string(text);
  return code_of(style) + std::string(text) + "\x1b[0m";
}

std::string printable(std::string_view utf8) {
  std::string text;
  const auto show = [&](unsigned char byte) {
    constexpr char kDigits[] = "0123456789abcdef";
    text += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
  };
  for (size_t i = 0; i < utf8.size(); ++i) {
    const auto byte = static_cast<unsigned char>(utf8[i]);
    const bool c1 = byte == 0xC2 && i + 1 < utf8.size() && static_cast<unsigned char>(utf8[i + 1]) < 0xA0;
    if (byte < 0x20 || byte == 0x7F || c1) {
      show(byte);
      if (c1) show(static_cast<unsigned char>(utf8[++i]));
    } else {
      text += utf8[i];
    }
  }
  return text;
}

int columns_of(std::string_view utf8) {
  return static_cast<int>(std::count_if(utf8.begin(), utf8.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string padded(std::string_view utf8, int columns) {
  const int missing = columns - columns_of(utf8);
  return std::string(utf8) + std::string(static_cast<size_t>(std::max(missing, 0)), ' ');
}

std::string right_aligned(std::string_view utf8, int columns) {
  const int missing = columns - columns_of(utf8);
  return std::string(static_cast<size_t>(std::max(missing, 0)), ' ') + std::string(utf8);
}

}  // namespace dimple::host
