// What the terminal at the other end can show.
#pragma once
#include <string>
#include <string_view>

namespace dimple::host {

struct Terminal {
  bool is_terminal = false;
  bool colour = false;
  bool unicode = false;  // otherwise only ASCII is sent
  int width = 100;
};

// descriptor: 1 for standard output, 2 for standard error. NO_COLOR and TERM=dumb switch colour off.
Terminal inspect_terminal(int descriptor);

enum class Style { plain, bold, dim, red, green, yellow, blue, cyan };
std::string styled(const Terminal& terminal, Style style, std::string_view text);

// Text from outside, such as a file's name: control characters are shown as \xNN, so that none reaches the terminal.
std::string printable(std::string_view utf8);

int columns_of(std::string_view utf8);                   // code points; wide characters are not told apart
std::string padded(std::string_view utf8, int columns);  // text, then spaces
std::string right_aligned(std::string_view utf8, int columns);

}  // namespace dimple::host
