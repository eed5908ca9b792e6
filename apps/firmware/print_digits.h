// Numbers for boards that can print text.
#pragma once
#include "board.h"

namespace dimple::firmware {

inline void print_digits(uint64_t value, uint32_t base, int at_least) {
  char text[24];
  char* at = text + sizeof text;
  *--at = 0;
  for (; value != 0 || at_least > 0; value /= base, --at_least) *--at = "0123456789abcdef"[value % base];
  board::print(at);
}

}  // namespace dimple::firmware
