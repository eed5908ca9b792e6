// Ctrl-C and SIGTERM become an answer of Cancel, so that long work can finish its step and save. The second one ends
// the program.
#pragma once
#include "host/task.h"

namespace dimple::host {

const Cancel& catch_interrupts();  // once, from main

}  // namespace dimple::host
