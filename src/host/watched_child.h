// The rest of this program's work in a process of its own, so that one that watches it outlives whatever ends it.
#pragma once
#include <signal.h>
#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/descriptor.h"

namespace dimple::host {

// "signal 11 (Segmentation fault)"; of a kill also what it may come from.
std::string describe_signal(int signal);

struct ChildEnd {
  int exit_code = 0;               // 128 + signal where a signal ended it
  std::optional<int> crash;        // the signal that ended it, unless the user sent one
  std::vector<std::string> lines;  // that it told
};

class WatchedChild {
 public:
  // Whether this system can end a child when the process that watches it is killed.
  static bool is_possible();

  // Forks, so it is for a process of one thread: the child goes on from here as well, with inside() true and signals caught
  // anew (host/task.h). It is killed when this process is. Throws host::Error(Exit::resources) when it cannot be started.
  WatchedChild();
  ~WatchedChild();
  WatchedChild(const WatchedChild&) = delete;
  WatchedChild& operator=(const WatchedChild&) = delete;

  bool inside() const { return child_ == 0; }
  // Inside: a line for who watches, kept until the end; a few kilobytes in all.
  void tell(std::string_view line) const;
  // Outside: until it has ended. A signal of the user's reaches it, once; a stop of the terminal stops both.
  ChildEnd wait();

 private:
  pid_t child_ = -1;
  sigset_t before_{};               // signals that were held back
  std::optional<Descriptor> told_;  // the end of the pipe that is used here
};

}  // namespace dimple::host
