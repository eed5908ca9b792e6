// Ctrl-C and SIGTERM become an answer of Cancel, so that long work can finish its step and save. Work that does not ask
// within a second, because it waits or computes, is ended where it stands; so is all by a second signal.
#pragma once
#include "host/task.h"

namespace dimple::host {

const Cancel& catch_interrupts();  // once, from main

}  // namespace dimple::host
