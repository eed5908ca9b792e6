// The debugger's side door: how a bare chip under an emulator (or a probe) prints and ends.
#pragma once
#include "base/platform.h"

namespace dimple::semihosting {

void print(const char* text);
[[noreturn]] void leave(int code);

}  // namespace dimple::semihosting
