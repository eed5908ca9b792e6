// Which processes a process has started, and whether they have ended: for tests of what must leave none behind.
#pragma once
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <string>
#include <vector>

#include "host/descriptor.h"

namespace dimple::host {

// Those that its first thread started. None: it has none, or this kernel does not list them.
inline std::vector<pid_t> children_of(pid_t process) {
  std::ifstream list("/proc/" + std::to_string(process) + "/task/" + std::to_string(process) + "/children");
  std::vector<pid_t> children;
  for (pid_t child = 0; list >> child;) children.push_back(child);
  return children;
}

// What stands for a process, be it a child or not, and for no later one of the same number.
class ProcessHandle {
 public:
  explicit ProcessHandle(pid_t process)
      : process_(process), handle_(static_cast<int>(::syscall(SYS_pidfd_open, process, 0))) {
    EXPECT_TRUE(handle_.number() >= 0 || errno == ESRCH) << "it may be gone, and nothing else";
  }

  pid_t process() const { return process_; }
  bool has_ended() const { return wait(0); }
  // One that never ends is the time limit of the whole test.
  void wait_for_end() const { wait(-1); }

 private:
  bool wait(int patience_ms) const {
    if (handle_.number() < 0) return true;
    pollfd state{handle_.number(), POLLIN, 0};
    int ended = 0;
    while ((ended = ::poll(&state, 1, patience_ms)) < 0 && errno == EINTR) {
    }
    return ended == 1;
  }

  pid_t process_;
  Descriptor handle_;
};

}  // namespace dimple::host
