#include "host/cage.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <new>

#include "host/cage_inside.h"
#include "host/children_testing.h"

namespace dimple::host {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

size_t say(std::span<uint8_t> room, const std::string& text) {
  std::ranges::copy(text, room.begin());
  return text.size();
}

size_t take_all_memory(std::span<uint8_t> room) {
  try {
    for (size_t taken = 0;; ++taken) std::memset(new char[1 << 20], 1, 1 << 20);
  } catch (const std::bad_alloc&) {
    return say(room, "no more memory");
  }
}

sem_t* loops = nullptr;  // in memory that is shared with every process forked later; told of each endless loop

// What a reader of hostile files may turn into. The first letter says which; the rest is echoed.
size_t misbehave(std::span<const uint8_t> question, std::span<uint8_t> room) {
  static int answered = 0;
  volatile int* nowhere = nullptr;
  switch (question[0]) {
    case 'o': return say(room, std::to_string(::open("/etc/passwd", O_RDONLY)));
    case 'w': return say(room, std::to_string(::open("/tmp/caged", O_WRONLY | O_CREAT, 0600)));
    case 'f': return say(room, std::to_string(::fork()));
    case 's': return say(room, std::to_string(::socket(AF_INET, SOCK_STREAM, 0)));
    case 'k': return say(room, std::to_string(::kill(::getppid(), 0)));
    case 'e': return say(room, std::to_string(::execl("/bin/true", "true", nullptr)));
    case 'x':
      ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      return say(room, "executable memory");
    case 'p': ::mprotect(room.data(), 4096, PROT_READ | PROT_EXEC); return say(room, "executable memory");
    case 'c': *nowhere = 1; return 0;
    case 'a': std::abort();
    case 't': throw 1;
    case 'm': return take_all_memory(room);
    case 'l':
      if (loops != nullptr) ::sem_post(loops);
      for (;;) *const_cast<volatile uint8_t*>(room.data()) = 1;
    case 'n': return room.size() + 1;
    case 'd': {  // which descriptors there are
      std::string open;
      for (int number = 0; number < 1024; ++number)
        if (::read(number, room.data(), 0) == 0) open += std::to_string(number) + " ";
      return say(room, open);
    }
    case 'z': {  // forges notes of this kind
      const CageNote note{uint32_t(question[1] - '0'), 0, uint64_t(-1), 1};
      for (;;)
        for (int number = 3; number < 64; ++number) {
          [[maybe_unused]] const ssize_t sent = ::write(number, &note, question[1] == '-' ? 0 : sizeof note);
        }
    }
    case 'v': return say(room, std::to_string(question.data()[2 << 20]));  // behind this question, of one before
    case 'r': {                                                            // reads at the address that follows
      const uint8_t* there = nullptr;
      std::memcpy(&there, question.data() + 1, sizeof there);
      return say(room, std::to_string(*there));
    }
    case '#': return say(room, std::to_string(++answered));
    default: return say(room, std::string(question.begin(), question.end()));
  }
}

struct CageTest : ::testing::Test {
  void SetUp() override { make(std::chrono::seconds(60)); }
  void make(std::chrono::milliseconds time, uint64_t questions = 0) {
    cage_ = std::make_unique<Cage>(misbehave, CageLimits{.question_bytes = 4 << 20,
                                                         .answer_bytes = 4 << 20,
                                                         .memory_bytes = 32 << 20,
                                                         .questions = questions,
                                                         .time = time});
    if (!cage_->holds()) GTEST_SKIP() << cage_->why_not();
  }
  std::string answer(const std::string& question) {
    const auto bytes = cage_->ask({reinterpret_cast<const uint8_t*>(question.data()), question.size()});
    return {bytes.begin(), bytes.end()};
  }
  std::string failure(const std::string& question) {
    try {
      return "answered: " + answer(question);
    } catch (const CageBroken& broken) {
      return broken.how + (broken.from_outside ? " (from outside)" : "");
    }
  }
  std::unique_ptr<Cage> cage_;
};

size_t open_descriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return static_cast<size_t>(std::distance(begin(all), end(all)));
}

TEST_F(CageTest, AnswersQuestions) {
  EXPECT_EQ(answer("hello"), "hello");
  const std::string large(3 << 20, 'L');
  EXPECT_EQ(answer("L" + large), "L" + large);
  EXPECT_EQ(answer("hello"), "hello");
}

TEST_F(CageTest, AsksThousandsOfOneWorker) {
  for (int i = 1; i <= 5000; ++i) ASSERT_EQ(answer("#"), std::to_string(i));
}

TEST_F(CageTest, KillsWhatAsksForMoreThanMemoryAndGoesOn) {
  for (const char* wish : {"open", "write a file", "fork", "socket", "kill", "exec", "x", "protect"}) {
    EXPECT_EQ(failure(wish), "asked the system for what it may not have") << wish;
    EXPECT_EQ(answer("hello"), "hello") << wish;
  }
}

TEST_F(CageTest, OutlivesCrashes) {
  for (const char* crash : {"crash", "abort", "throw"}) {
    EXPECT_THAT(failure(crash), StartsWith("crashed (signal ")) << crash;
    EXPECT_EQ(answer("hello"), "hello") << crash;
  }
}

TEST_F(CageTest, RetiresAWorkerThatHasAnsweredItsShare) {
  make(std::chrono::seconds(60), 3);
  for (const char* number : {"1", "2", "3", "1", "2", "3", "1"}) EXPECT_EQ(answer("#"), number);
  EXPECT_EQ(cage_->retired(), 2u);
  EXPECT_THAT(failure("crash"), StartsWith("crashed (signal "));  // the one after it begins at its first
  for (const char* number : {"1", "2", "3", "1"}) EXPECT_EQ(answer("#"), number);
  EXPECT_EQ(cage_->retired(), 3u);
}

TEST_F(CageTest, AFreshWorkerFindsNothingOfEarlierQuestions) {
  make(std::chrono::seconds(60), 2);
  const std::string large(3 << 20, 'L');
  for (int round = 0; round < 2; ++round) {
    answer(large);
    EXPECT_EQ(answer("v"), std::to_string('L')) << "where the same worker still does";
    EXPECT_EQ(answer("v"), "0");
    answer("hello");
  }
}

TEST_F(CageTest, SharesNoMemoryWithOtherCages) {
  const std::unique_ptr<Cage> first = std::move(cage_);
  SetUp();
  const auto question_at = [](const void* address) {
    std::string question = "r" + std::string(sizeof address, 0);
    std::memcpy(question.data() + 1, &address, sizeof address);
    return question;
  };
  const std::string other = question_at(first->ask(std::array<uint8_t, 1>{'A'}).data());
  EXPECT_THAT(failure(other), StartsWith("crashed (signal "));
  EXPECT_EQ(answer(question_at(cage_->ask(std::array<uint8_t, 1>{'A'}).data())), std::to_string('A')) << "its own";
}

TEST_F(CageTest, LimitsMemory) {
  EXPECT_EQ(failure("memory"), "answered: no more memory");
  EXPECT_EQ(answer("hello"), "hello");
}

TEST_F(CageTest, LimitsTime) {
  make(std::chrono::seconds(3));  // in which also a busy machine answers
  EXPECT_EQ(failure("loop"), "took too long");
  EXPECT_EQ(answer("hello"), "hello");
}

TEST_F(CageTest, BelievesNoLengthAndNoNote) {
  EXPECT_EQ(failure("n"), "gave an answer that cannot be");
  EXPECT_EQ(answer("hello"), "hello");
  for (const char* forged : {"z0", "z1", "z2", "z7", "z-"}) {
    EXPECT_EQ(failure(forged), "gave an answer that cannot be") << forged;
    EXPECT_EQ(answer("hello"), "hello") << forged;
  }
  EXPECT_EQ(failure("z3"), "ended early");  // its own death is believed, and costs it one question
}

TEST_F(CageTest, HoldsOneDescriptor) {
  const int secret = ::open("/etc/passwd", O_RDONLY);
  const Cage second(misbehave, {.question_bytes = 1, .answer_bytes = 1, .memory_bytes = 1 << 20});
  SetUp();
  const std::string open = answer("d");
  EXPECT_EQ(std::ranges::count(open, ' '), 1) << open;
  ::close(secret);
}

TEST_F(CageTest, LeavesNoDescriptorAndNoChildBehind) {
  cage_.reset();
  const size_t before = open_descriptors();
  for (int round = 0; round < 3; ++round) {
    SetUp();
    for (int i = 0; i < 20; ++i) failure("crash");
    cage_.reset();
  }
  EXPECT_EQ(open_descriptors(), before);
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
}

TEST_F(CageTest, LeavesNoWorkerBehind) {
  const std::vector<pid_t> keeper = children_of(::getpid());
  if (keeper.empty()) GTEST_SKIP() << "this kernel does not list children";
  const ProcessHandle first(children_of(keeper[0]).at(0));
  failure("crash");
  answer("hello");
  EXPECT_TRUE(first.has_ended());
  const ProcessHandle second(children_of(keeper[0]).at(0));
  EXPECT_FALSE(second.has_ended());
  cage_.reset();
  EXPECT_TRUE(second.has_ended());
}

TEST_F(CageTest, TellsAWorkerThatWasKilledFromOneThatCrashed) {
  const std::vector<pid_t> keeper = children_of(::getpid());
  if (keeper.empty()) GTEST_SKIP() << "this kernel does not list children";
  for (int round = 0; round < 3; ++round) {
    answer("hello");
    const std::vector<pid_t> killed = children_of(keeper[0]);
    ::kill(killed.at(0), SIGKILL);
    for (std::vector<pid_t> now = killed; now == killed || now.empty(); now = children_of(keeper[0])) ::sched_yield();
    EXPECT_EQ(failure("#"), "was killed (from outside)");  // which its successor takes as well
    EXPECT_EQ(answer("#"), "1") << "asked of a worker that never saw the question before";
  }
}

TEST_F(CageTest, StartsAnewWhenItsKeeperIsKilled) {
  const std::vector<pid_t> keeper = children_of(::getpid());
  if (keeper.empty()) GTEST_SKIP() << "this kernel does not list children";
  const std::vector<pid_t> worker = children_of(keeper[0]);
  ::kill(keeper[0], SIGKILL);
  ProcessHandle(worker.at(0)).wait_for_end();
  EXPECT_EQ(failure("hello"), "was ended from outside (from outside)");
  EXPECT_EQ(answer("hello"), "hello");
}

TEST_F(CageTest, EndsWithItsMakerEvenInALoop) {
  cage_.reset();
  void* shared = ::mmap(nullptr, sizeof(sem_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(shared, MAP_FAILED);
  loops = static_cast<sem_t*>(shared);
  ASSERT_EQ(::sem_init(loops, 1, 0), 0);
  const pid_t maker = ::fork();
  if (maker == 0) {
    SetUp();
    failure("loop");
    ::_exit(0);
  }
  while (::sem_wait(loops) != 0) ASSERT_EQ(errno, EINTR);
  const std::vector<pid_t> keeper = children_of(maker);
  const std::vector<pid_t> worker = keeper.empty() ? keeper : children_of(keeper[0]);
  ::kill(maker, SIGKILL);
  ::waitpid(maker, nullptr, 0);
  loops = nullptr;
  ::munmap(shared, sizeof(sem_t));
  if (worker.empty()) GTEST_SKIP() << "this kernel does not list children";
  ProcessHandle(keeper[0]).wait_for_end();
  ProcessHandle(worker[0]).wait_for_end();
}

TEST_F(CageTest, LeavesSignalsOfTheTerminalToItsMaker) {
  const std::vector<pid_t> keeper = children_of(::getpid());
  if (keeper.empty()) GTEST_SKIP() << "this kernel does not list children";
  const std::vector<pid_t> worker = children_of(keeper[0]);
  ASSERT_EQ(worker.size(), 1u);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    ::kill(keeper[0], number);
    ::kill(worker[0], number);
  }
  EXPECT_NE(::getpgid(worker[0]), ::getpgid(0));
  EXPECT_EQ(answer("#"), "1");
  EXPECT_EQ(answer("#"), "2");
}

TEST(CageWhereItCannotBe, SaysWhy) {
  const Cage cage(misbehave, {.question_bytes = size_t{1} << 62, .answer_bytes = 1});
  EXPECT_FALSE(cage.holds());
  EXPECT_THAT(cage.why_not(), HasSubstr("no shared memory"));
}

}  // namespace
}  // namespace dimple::host
