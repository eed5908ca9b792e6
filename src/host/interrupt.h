// Ctrl-C and SIGTERM become a flag, so that long work can finish its step and save. The second one ends the program.
#pragma once
#include "host/error.h"

namespace dimple::host {

void catch_interrupts();  // once, from main
int interrupted();        // 0, SIGINT or SIGTERM

// Exit::interrupted or Exit::terminated, for Error after everything has been saved.
Exit interrupted_exit();

// For work that has nothing to save: throws Error(interrupted_exit()) once a signal has come.
void stop_if_interrupted();

}  // namespace dimple::host
