#include "host/interrupt.h"

#include <csignal>

namespace dimple::host {
namespace {

volatile std::sig_atomic_t caught = 0;  // the one thing a signal handler may write

extern "C" void remember_signal(int number) { caught = number; }

}  // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = remember_signal;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

int interrupted() { return caught; }

Exit interrupted_exit() { return caught == SIGTERM ? Exit::terminated : Exit::interrupted; }

void stop_if_interrupted() {
  if (interrupted() != 0) throw Error(interrupted_exit(), "stopped", "nothing was begun that would be lost");
}

}  // namespace dimple::host
