// The changes of files in a folder and in those that lie in it, as the kernel tells them: a test waits for one, not for a clock.
#pragma once
#include <errno.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>

namespace dimple::tests {

class FileChanges {
 public:
  explicit FileChanges(const std::filesystem::path& folder) : changes_(inotify_init1(IN_CLOEXEC)) {
    watch(folder);
    for (const auto& entry : std::filesystem::directory_iterator(folder))
      if (entry.is_directory()) watch(entry.path());
  }
  ~FileChanges() { close(changes_); }
  FileChanges(const FileChanges&) = delete;
  FileChanges& operator=(const FileChanges&) = delete;

  // Waits for so many changes, or the end of the process.
  void wait(int count, pid_t process) {
    const int end = static_cast<int>(syscall(SYS_pidfd_open, process, 0));
    if (end < 0) throw std::runtime_error("cannot watch a process");
    while (count > 0) {
      pollfd both[] = {{changes_, POLLIN, 0}, {end, POLLIN, 0}};
      if (poll(both, 2, -1) < 0 && errno != EINTR) break;
      if (both[0].revents & POLLIN)
        count -= read_changes();
      else if (both[1].revents & POLLIN)
        break;
    }
    close(end);
  }

 private:
  void watch(const std::filesystem::path& folder) const {
    constexpr uint32_t kAll = IN_CREATE | IN_MODIFY | IN_MOVED_TO | IN_DELETE;
    if (changes_ < 0 || inotify_add_watch(changes_, folder.c_str(), kAll) < 0)
      throw std::runtime_error("cannot watch " + folder.string());
  }
  int read_changes() const {
    alignas(inotify_event) char bytes[16384];
    const ssize_t size = read(changes_, bytes, sizeof bytes);
    int count = 0;
    for (ssize_t at = 0; at < size; ++count)
      at += static_cast<ssize_t>(sizeof(inotify_event) + reinterpret_cast<const inotify_event*>(bytes + at)->len);
    return count;
  }

  int changes_;
};

}  // namespace dimple::tests
