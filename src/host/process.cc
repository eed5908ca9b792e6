#include "host/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>

#include "host/error.h"
#include "host/files.h"

extern char** environ;

namespace dimple::host {
namespace {

using Clock = std::chrono::steady_clock;

class Pipe {
 public:
  Pipe() {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0) {
      throw Error(Exit::resources, "cannot make a pipe: " + describe_errno(errno));
    }
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  int reader() const { return ends_[0]; }
  int writer() const { return ends_[1]; }
  void close_writer() { close_end(1); }

 private:
  void close_end(size_t which) {
    if (ends_[which] >= 0) ::close(ends_[which]);
    ends_[which] = -1;
  }
  std::array<int, 2> ends_{-1, -1};
};

// A group of its own, so that a kill reaches what the program itself started; default signal handling, since a caller
// that ignores SIGPIPE or defers SIGINT would hand that down.
struct SpawnSettings {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;

  SpawnSettings(const Pipe& out, const Pipe& err) {
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, out.writer(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files, err.writer(), STDERR_FILENO);
    posix_spawnattr_init(&attributes);
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
  }
};

pid_t spawn(const std::vector<std::string>& arguments, const Pipe& out, const Pipe& err) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const SpawnSettings settings(out, err);
  pid_t child = 0;
  const int failure = posix_spawnp(&child, argv[0], &settings.files, &settings.attributes, argv.data(), environ);
  if (failure != 0) {
    throw Error(Exit::failed, "cannot run " + arguments[0] + ": " + describe_errno(failure));
  }
  return child;
}

// False at the end of the stream.
bool drain(int from, std::string& into, size_t limit) {
  std::array<char, 4096> buffer;
  const ssize_t got = ::read(from, buffer.data(), buffer.size());
  if (got < 0) return errno == EINTR || errno == EAGAIN;
  const size_t room = limit - std::min(limit, into.size());
  into.append(buffer.data(), std::min(room, static_cast<size_t>(got)));
  return got > 0;
}

// Reads both streams until they end. False when the time is up first, or the user wants to stop.
bool collect(const Pipe& out, const Pipe& err, Clock::time_point deadline, const ProcessOptions& options,
             ProcessResult& result) {
  std::array<pollfd, 2> streams{pollfd{out.reader(), POLLIN, 0}, pollfd{err.reader(), POLLIN, 0}};
  const std::array<std::string*, 2> texts{&result.out, &result.err};
  while (streams[0].fd >= 0 || streams[1].fd >= 0) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0 || (options.cancel && options.cancel->signal() != 0)) return false;
    if (::poll(streams.data(), streams.size(), static_cast<int>(std::min<long long>(left, 200))) <= 0) continue;
    for (size_t i = 0; i < streams.size(); ++i) {
      if (streams[i].revents != 0 && !drain(streams[i].fd, *texts[i], options.output_limit)) streams[i].fd = -1;
    }
  }
  return true;
}

// The exit code, or -1 when the time is up first. A program may close its streams long before it ends.
int wait_until(pid_t child, Clock::time_point deadline) {
  for (;;) {
    int status = 0;
    const pid_t ended = ::waitpid(child, &status, WNOHANG);
    if (ended == child) return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    if (ended < 0 && errno != EINTR) return 1;
    if (Clock::now() >= deadline) return -1;
    ::usleep(1000);
  }
}

}  // namespace

std::optional<std::filesystem::path> find_program(std::string_view name) {
  const auto runnable = [](const std::filesystem::path& path) { return ::access(path.c_str(), X_OK) == 0; };
  if (name.find('/') != std::string_view::npos) {
    return runnable(name) ? std::optional<std::filesystem::path>(name) : std::nullopt;
  }
  const char* const path = std::getenv("PATH");
  std::string_view folders = path != nullptr ? path : "";
  while (!folders.empty()) {
    const size_t end = std::min(folders.find(':'), folders.size());
    const std::filesystem::path candidate = std::filesystem::path(folders.substr(0, end)) / name;
    if (end > 0 && runnable(candidate)) return candidate;
    folders.remove_prefix(std::min(end + 1, folders.size()));
  }
  return std::nullopt;
}

ProcessResult run_process(const std::vector<std::string>& arguments, const ProcessOptions& options) {
  ProcessResult result;
  Pipe out, err;
  const Clock::time_point deadline = Clock::now() + options.timeout;
  const pid_t child = spawn(arguments, out, err);
  out.close_writer();
  err.close_writer();
  const bool ended = collect(out, err, deadline, options, result);
  result.exit_code = ended ? wait_until(child, deadline) : -1;
  if (result.exit_code < 0) {
    result.timed_out = true;
    ::kill(-child, SIGKILL);
    result.exit_code = wait_until(child, Clock::time_point::max());
  }
  return result;
}

}  // namespace dimple::host
