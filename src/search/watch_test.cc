#include "search/watch.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include "host/error.h"
#include "search/store.h"

namespace dimple::search {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

class WatchOf : public testing::Test {
 protected:
  WatchOf() : folder_(fs::path(testing::TempDir()) / ("dimple-watch-" + std::to_string(::getpid()))) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~WatchOf() override { fs::remove_all(folder_); }

  // A process that asked for a trial of each, had results of all but the last, and was ended.
  host::ChildEnd died_at(const std::vector<std::string>& paths) const {
    Store store(folder_ / "search.sqlite", "identity");
    for (const std::string& path : paths) store.ask({0, "key of " + path, "", path, false, {}});
    for (size_t i = 0; i + 1 < paths.size(); ++i) store.finish("key of " + paths[i], {.score = 0.5});
    return {.exit_code = 139, .crash = 11, .lines = {(folder_ / "search.sqlite").string()}};
  }
  std::vector<Record> trials() const { return Store(folder_ / "search.sqlite").all(); }
  static std::string refusal(Watch& watch, const host::ChildEnd& end) {
    try {
      return watch.hear(end);
    } catch (const host::Error& e) {
      EXPECT_EQ(e.exit(), host::Exit::failed);
      return std::string("refused: ") + e.what();
    }
  }

  const fs::path folder_;
};

TEST_F(WatchOf, RecordsTheTrialThatWasAtWorkAndGoesOn) {
  SearchRequest request;
  request.training.session.max_minutes = 5;
  Watch watch(request);
  EXPECT_THAT(watch.hear(died_at({"", "a", "b"})), HasSubstr("3  failed: its process was ended by signal 11"));
  ASSERT_EQ(trials().size(), 3u);
  EXPECT_EQ(trials()[1].result.failure, "");
  EXPECT_THAT(trials()[2].result.failure, HasSubstr("signal 11"));
  EXPECT_EQ(watch.request().training.session.resume, folder_.string());
  EXPECT_LE(watch.request().training.session.max_minutes, 5);
}

TEST_F(WatchOf, HasNothingToGoOnWithWithoutAFirstNetwork) {
  Watch watch({});
  EXPECT_THAT(refusal(watch, died_at({""})), HasSubstr("refused: the trial of the first network failed"));
  EXPECT_FALSE(trials()[0].done);  // perhaps there is more memory when it is resumed
  EXPECT_THAT(refusal(watch, {.exit_code = 139, .crash = 11, .lines = {}}),
              HasSubstr("refused: the search ended before its first trial"));
}

TEST_F(WatchOf, GivesUpAfterFiveInARow) {
  Watch watch({});
  std::vector<std::string> paths{"", "a"};
  host::ChildEnd end = died_at(paths);
  for (int i = 0; i < 4; ++i) {
    EXPECT_THAT(refusal(watch, end), Not(HasSubstr("refused")));
    Store(folder_ / "search.sqlite").ask({0, "another " + std::to_string(i), "", "x", false, {}});
  }
  EXPECT_THAT(refusal(watch, end), HasSubstr("refused: 5 trials in a row"));
}

TEST_F(WatchOf, CountsAnewAfterOneThatWentWell) {
  Watch watch({});
  for (int i = 0; i < 12; ++i) {
    const std::string n = std::to_string(i);
    EXPECT_THAT(refusal(watch, died_at({"", "good " + n, "bad " + n})), Not(HasSubstr("refused")));
  }
}

}  // namespace
}  // namespace dimple::search
