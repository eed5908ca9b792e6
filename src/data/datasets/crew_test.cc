#include "data/datasets/crew.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <fstream>
#include <functional>
#include <thread>

#include "data/datasets/tree_testing.h"
#include "host/children_testing.h"

namespace dimple::data {
namespace {

using host::ProcessHandle;
using testing::HasSubstr;
using testing::StartsWith;

constexpr int kPictures = 20;

// What a codec answers, as media/caged_decoder lays it out.
size_t put_verdict(std::span<uint8_t> room, std::array<int32_t, 6> verdict, const std::string& rest) {
  std::memcpy(room.data(), verdict.data(), sizeof verdict);
  std::ranges::copy(rest, room.begin() + sizeof verdict);
  return sizeof verdict + rest.size();
}

sem_t* worker_loops = nullptr;  // in memory that is shared with every process forked later

// Codecs that a file takes over.
size_t decode_or_obey(std::span<const uint8_t> file, std::span<uint8_t> room) {
  static int seen = 0;
  const std::string order(file.begin(), file.begin() + std::min<ptrdiff_t>(std::ssize(file), 5));
  if (order == "crash") std::abort();
  if (order == "open ") return static_cast<size_t>(::open("/etc/passwd", O_RDONLY)) + room.size();
  if (order == "full ") return put_verdict(room, {static_cast<int>(host::Exit::resources), 0, 0, 0, 2, 0}, "no");
  if (order == "count") return put_verdict(room, {0, 1, 1, 1, 0, 0}, std::string(1, static_cast<char>(++seen)));
  if (order == "loop ") {
    ::sem_post(worker_loops);
    for (;;) *const_cast<volatile uint8_t*>(room.data()) = 1;
  }
  return media::decode_for_cage(file, room);
}

// Pictures, and files that hold these texts.
std::string plant_orders(const std::string& name, const std::vector<std::string>& orders, int pictures = kPictures) {
  std::vector<File> files;
  for (int i = 0; i < pictures; ++i) files.emplace_back("happy/" + std::to_string(100 + i) + ".png", "");
  for (size_t i = 0; i < orders.size(); ++i) files.emplace_back("sad/" + std::to_string(i) + ".png", orders[i]);
  return plant(name, files);
}

// Looks at the processes of the load when so many of its pictures have been read, with workers for all of them.
class Onlooker final : public host::Progress {
 public:
  Onlooker(int pictures, std::function<void(const std::vector<pid_t>& keepers)> look)
      : pictures_(pictures), look_(std::move(look)) {}
  void advance(int64_t, std::string_view) override {
    if (--pictures_ != 0) return;
    const std::vector<pid_t> keepers = host::children_of(::getpid());
    for (const pid_t keeper : keepers) {
      seen_.emplace_back(keeper);
      for (const pid_t worker : host::children_of(keeper)) seen_.emplace_back(worker);
    }
    look_(keepers);
  }

  size_t seen() const { return seen_.size(); }
  bool all_have_ended() const { return std::ranges::all_of(seen_, &ProcessHandle::has_ended); }

 private:
  int pictures_;
  std::function<void(const std::vector<pid_t>&)> look_;
  std::deque<ProcessHandle> seen_;
};

class CagedCrew : public testing::Test {
 protected:
  void SetUp() override {
    if (const media::CagedDecoder decoder; !decoder.caged()) GTEST_SKIP() << decoder.describe();
    cage_.task = decode_or_obey;
    tree_.read = [](const std::string& path) { return std::vector<Entry>{{.label = path.substr(0, path.find('/'))}}; };
  }
  Dataset load(const std::string& path) { return load_tree(tree_, path, options_, cage_); }
  // The exit code; 0: it was loaded.
  int exit_of_load(const std::string& path, host::Progress& progress) {
    const host::Cancel never;
    options_.task = {progress, never};
    try {
      load(path);
      return 0;
    } catch (const host::Error& error) {
      return static_cast<int>(error.exit());
    }
  }
  static size_t crew_of(int pictures) {
    return std::min<size_t>(std::max(1u, std::thread::hardware_concurrency()), static_cast<size_t>(pictures));
  }

  PictureTree tree_{.name = "orders", .extent = 0};
  LoadOptions options_;
  media::CageSettings cage_ = kCageOfSets;
};

TEST_F(CagedCrew, APictureThatKillsItsDecoderIsABadFileAndTheOthersArrive) {
  const std::string path = plant_orders("killers", {"crash", "open a file", "crash again"});
  const Dataset set = load(path);
  EXPECT_EQ(set.size(), size_t{kPictures});
  ASSERT_EQ(set.quarantine.size(), 3u);
  EXPECT_EQ(set.quarantine[0].file, "sad/0.png");
  EXPECT_THAT(set.quarantine[0].why, StartsWith("its decoder crashed (signal "));
  EXPECT_THAT(set.quarantine[1].why, StartsWith("its decoder asked the system for what it may not have: "));
  EXPECT_THAT(set.quarantine[2].why, StartsWith("its decoder crashed (signal "));
  options_.cage = false;
  Dataset in_place = load(path);
  EXPECT_THAT(in_place.quarantine.at(0).why, HasSubstr("text file"));
  in_place.quarantine = set.quarantine;
  EXPECT_EQ(set, in_place);
}

// It is decoded once more than the others, for the size of the set.
TEST_F(CagedCrew, TheFirstPictureMayKillItToo) {
  std::vector<File> files = {{"a/0.png", "crash"}};
  for (int i = 1; i <= 6; ++i) files.emplace_back("b/" + std::to_string(i) + ".png", "");
  const Dataset set = load(plant("first_killer", files));
  EXPECT_EQ(set.size(), 6u);
  EXPECT_EQ(set.width, 16);
  ASSERT_EQ(set.quarantine.size(), 1u);
  EXPECT_EQ(set.quarantine[0].file, "a/0.png");
}

TEST_F(CagedCrew, EachThreadHasAWorkerThatIsFilteredAndNoneStaysBehind) {
  size_t filtered = 0;
  Onlooker onlooker(kPictures, [&](const std::vector<pid_t>& keepers) {
    for (const pid_t keeper : keepers)
      for (const pid_t worker : host::children_of(keeper)) {
        std::ifstream status("/proc/" + std::to_string(worker) + "/status");
        for (std::string line; std::getline(status, line);) filtered += line == "Seccomp:\t2";
      }
  });
  cage_ = kCageOfSets;  // the codecs themselves
  EXPECT_EQ(exit_of_load(plant_orders("filtered", {}), onlooker), 0);
  if (onlooker.seen() == 0) GTEST_SKIP() << "this kernel does not list children";
  EXPECT_EQ(onlooker.seen(), 2 * crew_of(kPictures));
  EXPECT_EQ(filtered, crew_of(kPictures));
  EXPECT_TRUE(onlooker.all_have_ended());
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
}

TEST_F(CagedCrew, StartsNoMoreWorkersThanPicturesAndNoneInPlace) {
  Onlooker one(1, [](const std::vector<pid_t>& keepers) { EXPECT_LE(keepers.size(), 1u); });
  EXPECT_EQ(exit_of_load(plant_orders("one", {}, 1), one), 0);
  options_.cage = false;
  Onlooker none(kPictures, [](const std::vector<pid_t>& keepers) { EXPECT_TRUE(keepers.empty()); });
  EXPECT_EQ(exit_of_load(plant_orders("in_place", {}), none), 0);
}

TEST_F(CagedCrew, LeavesNoneBehindWhenTheLoadFails) {
  const auto nothing = [](const std::vector<pid_t>&) {};
  Onlooker short_of_memory(kPictures + 1, nothing);
  EXPECT_EQ(exit_of_load(plant_orders("full", {"full "}), short_of_memory), static_cast<int>(host::Exit::resources));
  EXPECT_TRUE(short_of_memory.all_have_ended());
  Onlooker stopped(kPictures, [](const std::vector<pid_t>&) { throw host::Error(host::Exit::terminated, "stopped"); });
  EXPECT_EQ(exit_of_load(plant_orders("stopped", {}), stopped), static_cast<int>(host::Exit::terminated));
  EXPECT_TRUE(stopped.all_have_ended());
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
}

// The picture is not to blame, and a set without it would be another.
TEST_F(CagedCrew, AWorkerKilledFromOutsideFailsTheLoad) {
  size_t killed = 0;
  Onlooker killer(kPictures, [&](const std::vector<pid_t>& keepers) {
    for (const pid_t keeper : keepers)
      for (const pid_t worker : host::children_of(keeper)) ::kill(worker, SIGKILL), ++killed;
  });
  const int exit = exit_of_load(plant_orders("killed", {}), killer);
  if (killed == 0) GTEST_SKIP() << "this kernel does not list children";
  EXPECT_EQ(exit, static_cast<int>(host::Exit::resources));
  EXPECT_TRUE(killer.all_have_ended());
}

TEST_F(CagedCrew, EndWithALoadThatASignalEnds) {
  const std::string path = plant_orders("looping", {"loop "}, 0);
  void* shared = ::mmap(nullptr, sizeof(sem_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(shared, MAP_FAILED);
  worker_loops = static_cast<sem_t*>(shared);
  for (const int number : {SIGTERM, SIGKILL}) {
    ASSERT_EQ(::sem_init(worker_loops, 1, 0), 0);
    const pid_t loader = ::fork();
    if (loader == 0) {
      load(path);
      ::_exit(0);
    }
    while (::sem_wait(worker_loops) != 0) ASSERT_EQ(errno, EINTR);
    std::deque<ProcessHandle> all;
    for (const pid_t keeper : host::children_of(loader)) {
      all.emplace_back(keeper);
      for (const pid_t worker : host::children_of(keeper)) all.emplace_back(worker);
    }
    ::kill(loader, number);
    int status = 0;
    EXPECT_EQ(::waitpid(loader, &status, 0), loader);
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == number);
    for (const ProcessHandle& process : all) process.wait_for_end();
  }
  worker_loops = nullptr;
  ::munmap(shared, sizeof(sem_t));
}

// Each picture says how many its worker has seen.
TEST_F(CagedCrew, NoWorkerSeesMoreThanItsShare) {
  constexpr int kShare = 3, kOrders = 100;
  cage_.pictures = kShare, options_.size = 1;
  const Dataset set = load(plant_orders("counted", std::vector<std::string>(kOrders, "count"), 0));
  ASSERT_EQ(set.pixels.size(), size_t{kOrders});
  EXPECT_EQ(std::ranges::max(set.pixels), kShare);
  const auto fresh = static_cast<size_t>(std::ranges::count(set.pixels, 1));
  EXPECT_GE(fresh, size_t{kOrders / kShare});
  EXPECT_LE(fresh, kOrders / kShare + crew_of(kOrders));
}

}  // namespace
}  // namespace dimple::data
