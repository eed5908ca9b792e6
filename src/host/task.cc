#include "host/task.h"

#include <time.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdint>

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

// Signal handlers may touch these: atomics without a lock.
std::atomic<int> caught = 0;
std::atomic<int> holders = 0;  // parts of the program that end by themselves
std::atomic<int64_t> caught_wall_ms = 0, caught_cpu_ms = 0;
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<int64_t>::is_always_lock_free);

timer_t ticking;
constexpr itimerspec kTicks{{0, 100'000'000}, {0, 700'000'000}};

int64_t now_ms(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

extern "C" void keep_signal(int number) {
  caught_wall_ms = now_ms(CLOCK_MONOTONIC), caught_cpu_ms = now_ms(CLOCK_PROCESS_CPUTIME_ID);
  caught = number;
  timer_settime(ticking, 0, &kTicks, nullptr);
}

// Called 0.7 s after the signal. Either the work waits for a pipe, or it computes without asking; on a machine so busy
// that it could do neither it is given more time. Files are written whole or not at all, so ending here loses nothing
// that was complete.
extern "C" void end_unheard(int) {
  if (holders > 0) return;
  const int64_t cpu_ms = now_ms(CLOCK_PROCESS_CPUTIME_ID) - caught_cpu_ms;
  const int64_t wall_ms = now_ms(CLOCK_MONOTONIC) - caught_wall_ms;
  if (cpu_ms > 20 && cpu_ms < 700 && wall_ms < 5000) return;
  constexpr char kWords[] = "dimple: stopped\n";
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, kWords, sizeof kWords - 1);
  ::_exit(128 + caught);
}

class Signals final : public Cancel {
 public:
  int signal() const override {
    const int number = caught;
    if (number != 0 && !heard_.exchange(true)) ++holders;  // the work was told, and is ending
    return number;
  }
  bool has_come() const override { return caught != 0; }
  void hold() const override { ++holders; }
  void release() const override { --holders; }

 private:
  mutable std::atomic<bool> heard_ = false;
};

void handle(int signal, void (*handler)(int), int flags) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = flags;
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, nullptr);
}

}  // namespace

const Cancel& catch_interrupts() {
  static const Signals signals;
  sigevent event{};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = SIGALRM;
  timer_create(CLOCK_MONOTONIC, &event, &ticking);
  handle(SIGALRM, end_unheard, SA_RESTART);
  const int once = static_cast<int>(SA_RESETHAND | SA_RESTART);  // a second signal ends the program at once
  handle(SIGINT, keep_signal, once);
  handle(SIGTERM, keep_signal, once);
  return signals;
}

}  // namespace dimple::host
