#include "host/watched_child.h"

#include <gmock/gmock.h>
#include <signal.h>
#include <unistd.h>

#include <functional>

#include "host/task.h"

namespace dimple::host {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

ChildEnd end_of(const std::function<void(const WatchedChild&)>& work) {
  WatchedChild child;
  if (child.inside()) work(child), ::_exit(7);
  return child.wait();
}

TEST(WatchedChild, ComesBackWithItsExitCodeAndItsLines) {
  const ChildEnd end = end_of([](const WatchedChild& child) { child.tell("one"), child.tell("two"); });
  EXPECT_EQ(end.exit_code, 7);
  EXPECT_FALSE(end.crash);
  EXPECT_THAT(end.lines, ElementsAre("one", "two"));
}

TEST(WatchedChild, OutlivedByWhoWatches) {
  for (const int signal : {SIGKILL, SIGABRT}) {
    const ChildEnd end = end_of([&](const WatchedChild& child) {
      ::signal(signal, SIG_DFL);  // a sanitizer has its own
      child.tell("at work"), ::raise(signal);
    });
    EXPECT_EQ(end.crash, signal);
    EXPECT_EQ(end.exit_code, 128 + signal);
    EXPECT_THAT(end.lines, ElementsAre("at work"));
  }
  EXPECT_THAT(describe_signal(SIGKILL), HasSubstr("signal 9 (Killed; of what no one killed, memory was short)"));
}

// As a Ctrl-C of the terminal, which knows only who watches.
TEST(WatchedChild, HearsWhatTheUserSends) {
  WatchedChild child;
  if (child.inside()) {
    const Cancel& signals = catch_interrupts();
    const StopsByItself stops(signals);
    while (signals.signal() == 0) ::usleep(1000);
    ::_exit(signals.signal() == SIGTERM ? 9 : 1);
  }
  ::kill(::getpid(), SIGTERM);
  const ChildEnd end = child.wait();
  EXPECT_EQ(end.exit_code, 9);
  EXPECT_FALSE(end.crash);
}

}  // namespace
}  // namespace dimple::host
