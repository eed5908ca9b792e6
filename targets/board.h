// What a machine gives to a firmware, and what it asks of one. Each folder beside this file implements it once.
#pragma once
#include "base/span.h"

namespace dimple::board {

Span<const uint8_t> program();  // the planned program: flashed behind the code, or handed over at start
Span<uint8_t> memory();         // the RAM nobody else uses, aligned to 16 bytes
void print(const char* text);
uint64_t instructions();  // run since some moment, where an emulator counts them; always 0 on other machines

// The firmware's own main: the board's startup code calls it once and ends with the exit code it returns.
int firmware();

}  // namespace dimple::board
