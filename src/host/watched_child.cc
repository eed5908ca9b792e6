#include "host/watched_child.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "host/error.h"
#include "host/files.h"
#include "host/task.h"

namespace dimple::host {
namespace {

sigset_t watched_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGCHLD}) sigaddset(&set, signal);
  return set;
}

std::vector<std::string> lines_in(int descriptor) {
  std::vector<std::string> lines(1);
  char piece[4096];
  for (ssize_t got; (got = ::read(descriptor, piece, sizeof piece)) > 0;)
    for (const char c : std::string_view(piece, static_cast<size_t>(got)))
      if (c == '\n')
        lines.emplace_back();
      else
        lines.back() += c;
  lines.pop_back();  // a line that was not told to its end
  return lines;
}

}  // namespace

std::string describe_signal(int signal) {
  const char* const why = signal == SIGKILL ? "; of what no one killed, memory was short" : "";
  return fmt::format("signal {} ({}{})", signal, ::strsignal(signal), why);
}

bool WatchedChild::is_possible() {
#ifdef __linux__
  return true;
#else
  return false;
#endif
}

WatchedChild::WatchedChild() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0)
    throw Error(Exit::resources, "cannot make a pipe: " + describe_errno(errno));
  std::fflush(nullptr);  // or both would write it
  const pid_t parent = ::getpid();
  const sigset_t held = watched_signals();  // by wait(); before there is a child, so that none falls between
  sigprocmask(SIG_BLOCK, &held, &before_);
  child_ = ::fork();
  const int problem = errno;
  told_.emplace(ends[child_ == 0 ? 1 : 0]);
  ::close(ends[child_ == 0 ? 0 : 1]);
  if (child_ < 0) {
    sigprocmask(SIG_SETMASK, &before_, nullptr);
    throw Error(Exit::resources, "cannot start a process: " + describe_errno(problem));
  }
  ::setpgid(child_, child_);  // by both, whichever comes first: the terminal's signals reach it through wait() alone
  if (child_ > 0) return;
#ifdef __linux__
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
  if (::getppid() != parent) ::_exit(static_cast<int>(Exit::failed));  // it was killed before that
  catch_interrupts();                                                  // timers are not inherited
  sigprocmask(SIG_SETMASK, &before_, nullptr);
}

WatchedChild::~WatchedChild() {
  if (child_ > 0) sigprocmask(SIG_SETMASK, &before_, nullptr);
}

void WatchedChild::tell(std::string_view line) const {
  const std::string text = std::string(line) + '\n';
  [[maybe_unused]] const ssize_t written = ::write(told_->number(), text.data(), text.size());
}

ChildEnd WatchedChild::wait() {
  const sigset_t set = watched_signals();
  bool asked_to_end = false;
  int status = 0;
  while (::waitpid(child_, &status, WNOHANG) == 0) {
    siginfo_t what{};
    const int signal = ::sigwaitinfo(&set, &what);
    if (signal < 0 || signal == SIGCHLD) continue;
    if (signal == SIGTSTP) {
      ::kill(-child_, SIGSTOP);
      ::raise(SIGSTOP);  // until the user goes on
      ::kill(-child_, SIGCONT);
    } else {
      asked_to_end = true;
      ::kill(child_, signal);
    }
  }
  ChildEnd end;
  const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  end.exit_code = signal != 0 ? 128 + signal : WEXITSTATUS(status);
  if (signal != 0 && !asked_to_end) end.crash = signal;
  end.lines = lines_in(told_->number());
  return end;
}

}  // namespace dimple::host
