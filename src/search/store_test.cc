#include "search/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include <filesystem>

#include "host/error.h"
#include "host/files.h"

namespace dimple::search {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class StoreTest : public testing::Test {
 protected:
  StoreTest() : folder_(fs::path(testing::TempDir()) / ("dimple-store-" + std::to_string(::getpid()))) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~StoreTest() override { fs::remove_all(folder_); }
  fs::path file() const { return folder_ / "search.sqlite"; }

  std::string refusal(host::Exit exit, const std::string& identity = "one") const {
    try {
      const Store store(file(), identity);
      return "taken";
    } catch (const host::Error& e) {
      EXPECT_EQ(e.exit(), exit) << e.what();
      return e.what();
    }
  }

  fs::path folder_;
};

Record trial(const std::string& key) { return {0, key, "heir", "narrow one 3\n", false, {}}; }

TEST_F(StoreTest, KeepsTrialsInTheOrderInWhichTheyWereAskedFor) {
  {
    Store store(file(), "one");
    EXPECT_EQ(store.ask(trial("b")).id, 1);
    EXPECT_EQ(store.ask(trial("a")).id, 2);
    EXPECT_EQ(store.ask(trial("b")).id, 1);  // there already
    TrialResult result;
    result.score = 0.75, result.nested = 0.5, result.epochs = 3, result.failure = "no \"luck\"";
    store.finish("a", result);
    store.finish("a", {});  // too late
    store.add_seconds(1.5), store.add_seconds(2);
  }
  const Store store(file(), "one");
  const std::vector<Record> all = store.all();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].key, "b");
  EXPECT_FALSE(all[0].done);
  EXPECT_TRUE(all[1].done);
  EXPECT_EQ(all[1].result.score, 0.75);
  EXPECT_EQ(all[1].result.epochs, 3);
  EXPECT_EQ(all[1].result.failure, "no \"luck\"");
  EXPECT_EQ(all[1].path, "narrow one 3\n");
  EXPECT_EQ(store.seconds(), 3.5);
  EXPECT_FALSE(store.find("nosuch").has_value());
}

TEST_F(StoreTest, WhatIsForgottenCanBeTriedAgain) {
  Store store(file(), "one");
  store.ask(trial("a")), store.finish("a", {});
  EXPECT_TRUE(store.find("a")->done);
  store.forget("a");
  EXPECT_FALSE(store.find("a")->done);
}

TEST_F(StoreTest, TwoSearchesCannotHaveIt) {
  const Store store(file(), "one");
  EXPECT_THAT(refusal(host::Exit::usage), HasSubstr("is in use by another search"));
}

TEST_F(StoreTest, HoldsResultsOfOneSearchOnly) {
  { const Store store(file(), "one"); }
  EXPECT_THAT(refusal(host::Exit::usage, "two"), HasSubstr("other settings, or on other data"));
  EXPECT_EQ(refusal(host::Exit::usage), "taken");
}

TEST_F(StoreTest, OfAnotherVersionIsRefused) {
  { const Store store(file(), "one"); }
  sqlite3* handle = nullptr;
  ASSERT_EQ(sqlite3_open(file().c_str(), &handle), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(handle, "UPDATE facts SET value = '2' WHERE name = 'version'", nullptr, nullptr, nullptr),
            SQLITE_OK);
  sqlite3_close(handle);
  EXPECT_THAT(refusal(host::Exit::input), HasSubstr("is of version 2, and this program reads 1"));
}

TEST_F(StoreTest, WhatIsNoStoreIsLeftAsItIs) {
  host::write_atomic(file(), std::string(5000, 'x'));
  EXPECT_THAT(refusal(host::Exit::input), HasSubstr("holds no search"));
  EXPECT_EQ(host::read_text(file()), std::string(5000, 'x'));
}

TEST_F(StoreTest, AFolderThatIsNotThereIsTheMachinesFault) {
  fs::remove_all(folder_);
  EXPECT_THAT(refusal(host::Exit::resources), HasSubstr("cannot write"));
}

// A page that does not fit is a full disk to SQLite.
TEST_F(StoreTest, AFullDiskLosesNothing) {
  Store store(file(), "one");
  store.ask(trial("a"));
  store.limit_pages_for_tests(8);
  try {
    for (int i = 0; i < 1000; ++i) store.ask(trial("key-" + std::to_string(i) + std::string(500, 'k')));
    FAIL() << "the disk never filled up";
  } catch (const host::Error& e) {
    EXPECT_EQ(e.exit(), host::Exit::resources) << e.what();
    EXPECT_THAT(e.what(), HasSubstr("full"));
  }
  EXPECT_TRUE(store.find("a").has_value());
}

}  // namespace
}  // namespace dimple::search
