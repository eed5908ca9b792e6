#include "host/task.h"

#include <csignal>

namespace dimple::host {

Progress& Task::silent() {
  static NoProgress progress;  // has no state
  return progress;
}

const Cancel& Task::never() {
  static const Cancel cancel;
  return cancel;
}

Exit Task::cancel_exit() const { return cancel_->signal() == SIGTERM ? Exit::terminated : Exit::interrupted; }

void Task::stop_if_cancelled() const {
  if (cancelled()) throw Error(cancel_exit(), "stopped", "nothing was begun that would be lost");
}

namespace {

volatile std::sig_atomic_t caught = 0;  // the one thing a signal handler may write

extern "C" void keep_signal(int number) { caught = number; }

class Signals final : public Cancel {
 public:
  int signal() const override { return caught; }
};

}  // namespace

const Cancel& catch_interrupts() {
  static const Signals signals;
  struct sigaction action {};
  action.sa_handler = keep_signal;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  return signals;
}

}  // namespace dimple::host
