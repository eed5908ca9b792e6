#include "host/files.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>

namespace dimple::host {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Files : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "dimple-files-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path folder_;
};

// Runs `work` in a child that may not write past `bytes` of any file; returns its wait status.
template <class Work>
int run_limited(rlim_t bytes, bool killed_at_limit, Work work) {
  const pid_t child = ::fork();
  if (child == 0) {
    const rlimit limit{bytes, bytes};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    ::signal(SIGXFSZ, killed_at_limit ? SIG_DFL : SIG_IGN);
    try {
      work();
    } catch (const Error& error) {
      ::_exit(static_cast<int>(error.exit()));
    }
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

TEST_F(Files, ReadBackWhatWasWritten) {
  const std::vector<uint8_t> bytes{0, 255, 10, 13, 0};
  write_atomic(folder_ / "a", bytes);
  EXPECT_EQ(read_file(folder_ / "a"), bytes);
  write_atomic(folder_ / "a", std::string_view("shorter"));
  EXPECT_EQ(read_text(folder_ / "a"), "shorter");
  write_atomic(folder_ / "a", std::string_view());
  EXPECT_EQ(read_text(folder_ / "a"), "");
}

TEST_F(Files, AKillAtAnyByteLeavesTheOldContent) {
  const fs::path path = folder_ / "checkpoint";
  const std::string before = "the old checkpoint", after(3000, 'n');
  write_atomic(path, before);
  for (rlim_t byte = 0; byte < after.size(); byte += byte < 8 ? 1 : 97) {
    const int status = run_limited(byte, true, [&] { write_atomic(path, after); });
    ASSERT_TRUE(WIFSIGNALED(status)) << byte;
    ASSERT_EQ(read_text(path), before) << "killed at byte " << byte;
  }
  write_atomic(path, after);
  EXPECT_EQ(read_text(path), after);

  // Files of killed processes are removed; those of living processes and other machines, and other files, stay.
  // Where the file system can keep a file without a name until it is whole, kills leave none.
  char host[65] = {};
  ASSERT_EQ(::gethostname(host, sizeof host - 1), 0);
  std::string machine = host;
  std::ranges::replace(machine, '.', '-');
  const std::string living = std::to_string(::getppid()), ended = ".x." + machine + ".999999999.0.part";
  for (const std::string& other : {"." + machine + "." + living + ".0.part", ".x." + machine + "." + living + ".0.part",
                                   std::string(".x.elsewhere.999999999.0.part"), std::string(".x.part"),
                                   ".x." + machine + ".9.part", std::string("b.part"), ended})
    std::ofstream(folder_ / other).put('x');
  // A container gives the same number to the next process.
  const std::string own = ".x." + machine + "." + std::to_string(::getpid()) + ".0.part";
  std::ofstream(folder_ / own).put('x');
  remove_leftovers(folder_);
  EXPECT_EQ(read_text(path), after);
  EXPECT_FALSE(fs::exists(folder_ / own));
  EXPECT_FALSE(fs::exists(folder_ / ended));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1 + 6);
  remove_leftovers(folder_ / "nosuch");
}

TEST_F(Files, AFullDiskIsResourcesAndLosesNothing) {
  const fs::path path = folder_ / "checkpoint";
  write_atomic(path, std::string_view("old"));
  const int status = run_limited(100, false, [&] { write_atomic(path, std::string(5000, 'n')); });
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), static_cast<int>(Exit::resources));
  EXPECT_EQ(read_text(path), "old");
  EXPECT_EQ(list_files(folder_).size(), 1u);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1) << "the temporary file stayed";
}

TEST_F(Files, LeaveNothingBehindWhenAllGoesWell) {
  write_atomic(folder_ / "a", std::string_view("x"));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
}

TEST_F(Files, SayWhatIsWrongAndWhere) {
  const auto message_of = [](auto&& work) -> std::string {
    try {
      work();
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  };
  EXPECT_EQ(message_of([] { read_file("nosuch.jpg"); }), "cannot read nosuch.jpg: no such file");
  EXPECT_THAT(message_of([&] { read_file(folder_); }), HasSubstr("it is a folder"));
  EXPECT_THAT(message_of([&] { write_atomic(folder_ / "no" / "a", std::string_view("x")); }),
              HasSubstr("no such file"));
}

TEST_F(Files, RefuseALongFileBeforeReadingIt) {
  {
    std::ofstream(folder_ / "huge").put('x');
    fs::resize_file(folder_ / "huge", uint64_t{1} << 40);  // sparse: takes no room
  }
  EXPECT_THROW(read_file(folder_ / "huge"), Error);
}

TEST_F(Files, StopReadingAnEndlessStream) {
  try {
    read_file("/dev/zero", {.limit_bytes = 1000});
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("longer than the 1000 bytes"));
  }
}

TEST_F(Files, ListingIsSortedAndPassesOverWhatIsHidden) {
  make_folder(folder_ / "b" / "c");
  make_folder(folder_ / ".git");
  for (const char* name : {"z", "b/c/y", ".hidden", ".git/x", "a"}) std::ofstream(folder_ / name).put('x');
  fs::create_directory_symlink(folder_, folder_ / "b" / "circle");
  EXPECT_THAT(list_files(folder_), testing::ElementsAre(folder_ / "a", folder_ / "b" / "c" / "y", folder_ / "z"));
}

}  // namespace
}  // namespace dimple::host
