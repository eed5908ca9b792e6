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

}  // namespace dimple::host
