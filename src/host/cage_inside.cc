#include "host/cage_inside.h"

#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "host/cage_filter.h"

namespace dimple::host {
namespace {

void die_with(pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) ::_exit(1);  // it was gone before it could be asked for
}

// A signal of the terminal, or one sent to all, is the parent's to hear; it ends these two when it ends. Faults kill.
void leave_signals_to_parent() {
  ::setpgid(0, 0);
  for (int number = 1; number < NSIG; ++number) ::signal(number, SIG_DFL);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE}) ::signal(number, SIG_IGN);
  sigset_t heard;
  sigemptyset(&heard);
  sigaddset(&heard, SIGCHLD), sigaddset(&heard, word_to_keeper());
  sigprocmask(SIG_SETMASK, &heard, nullptr);  // blocked: wait_for_end() takes them one by one
}

bool close_all_but(unsigned kept) {
  return (kept == 0 || ::syscall(SYS_close_range, 0u, kept - 1, 0u) == 0) &&
         ::syscall(SYS_close_range, kept + 1, UINT_MAX, 0u) == 0;
}

int limit_to(__rlimit_resource what, rlim_t value) {
  rlimit now{};
  ::getrlimit(what, &now);
  const rlim_t most = std::min({value, now.rlim_cur, now.rlim_max});
  const rlimit wanted{most, most};
  return ::setrlimit(what, &wanted) == 0 ? 0 : errno;
}

// Bytes of writable memory of this process's own, as RLIMIT_DATA counts them; 0 where that cannot be read.
rlim_t data_bytes() {
  const Descriptor file(::open("/proc/self/statm", O_RDONLY | O_CLOEXEC));
  char text[128] = "";
  if (file.number() < 0 || ::read(file.number(), text, sizeof text - 1) <= 0) return 0;
  unsigned long pages = 0;
  if (std::sscanf(text, "%*u %*u %*u %*u %*u %lu", &pages) != 1) return 0;
  return rlim_t{pages} * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE));
}

// Pages that one question took serve the next: the kernel's price for new ones is near that of decoding into them.
void keep_pages() {
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
}

// 0 or errno.
int lock_in(uint64_t memory_bytes) {
  const rlim_t held = data_bytes();
  if (held == 0) return ENOENT;
  for (const auto& [what, value] : {std::pair{RLIMIT_CORE, rlim_t{0}},
                                    {RLIMIT_FSIZE, rlim_t{0}},
                                    {RLIMIT_NOFILE, rlim_t{0}},
                                    {RLIMIT_DATA, held + memory_bytes}})
    if (const int failure = limit_to(what, value)) return failure;
  prctl(PR_SET_DUMPABLE, 0);  // a crash keeps no copy of the picture
  return forbid_system_calls();
}

void tell(int socket, const CageNote& note) {
  if (::write(socket, &note, sizeof note) != sizeof note) ::_exit(1);
}

size_t answer_of(const CageInside& inside, const CageOrder& order) try {
  return inside.task({inside.memory, order.question_bytes},
                     {inside.memory + inside.limits.question_bytes, inside.limits.answer_bytes});
} catch (...) {
  std::abort();  // where it was thrown, the library would first ask for what is forbidden, and say so in vain
}

[[noreturn]] void work(const CageInside& inside, pid_t keeper) {
  die_with(keeper);
  keep_pages();
  if (const int failure = lock_in(inside.limits.memory_bytes)) {
    tell(inside.socket, {CageNote::refused, failure});
    for (;;) ::pause();  // until the keeper ends
  }
  tell(inside.socket, {CageNote::ready, 0});
  for (;;) {
    CageOrder order{};
    if (::read(inside.socket, &order, sizeof order) != sizeof order) ::_exit(0);
    tell(inside.socket, {CageNote::answered, 0, order.number, answer_of(inside, order)});
  }
}

void wait_for(pid_t worker) {
  while (::waitpid(worker, nullptr, 0) < 0 && errno == EINTR) {
  }
}

// Kills the worker when told to; a word that came too late, about the one before it, is not heard.
int wait_for_end(pid_t worker, int which) {
  sigset_t awaited;
  sigemptyset(&awaited);
  sigaddset(&awaited, SIGCHLD), sigaddset(&awaited, word_to_keeper());
  for (;;) {
    siginfo_t signal{};
    const bool told = ::sigwaitinfo(&awaited, &signal) == word_to_keeper();
    const bool at_end = told && signal.si_value.sival_int == kEndOfCage;
    if (at_end || (told && signal.si_value.sival_int == which)) ::kill(worker, SIGKILL);
    if (at_end) wait_for(worker), ::_exit(0);
    int status = 0;
    if (::waitpid(worker, &status, WNOHANG) == worker) return status;
  }
}

}  // namespace

void keep_cage(const CageInside& inside, pid_t parent) {
  die_with(parent);
  leave_signals_to_parent();
  if (!close_all_but(static_cast<unsigned>(inside.socket))) ::_exit(1);
  const pid_t keeper = ::getpid();
  for (int which = 1;; ++which) {
    const pid_t worker = ::fork();
    if (worker < 0) ::_exit(1);
    if (worker == 0) work(inside, keeper);
    const int status = wait_for_end(worker, which);
    CageOrder unread;  // of the worker that died before it read it
    while (::recv(inside.socket, &unread, sizeof unread, MSG_DONTWAIT) > 0) {
    }
    tell(inside.socket, {CageNote::died, status});
  }
}

}  // namespace dimple::host
