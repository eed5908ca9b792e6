#include "study/study.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <fstream>

#include "data/sets_testing.h"
#include "host/files.h"
#include "host/json.h"
#include "host/task.h"
#include "study/summary.h"
#include "study/table.h"
#include "zoo/architectures.h"

namespace dimple::study {
namespace {

namespace fs = std::filesystem;
using host::Json;

constexpr const char* kText = R"(
title = "Two nets"
columns = ["accuracy", "auc"]
[base]
protocol = "ckplus"
[base.augment]
blur = 0.1
[axes]
arch = ["dimple_nano", "ds48"]
fold = "all"
)";

Study study(const std::string& text = kText) { return parse_study(host::parse_toml(text, "s.toml"), "s.toml"); }

class StudyRuns : public testing::Test {
 protected:
  StudyRuns() : folder_(fs::path(testing::TempDir()) / ("dimple-study-" + std::to_string(::getpid())) / "results") {
    fs::remove_all(folder_.parent_path());
  }
  ~StudyRuns() override { fs::remove_all(folder_.parent_path()); }

  // A training that takes no time: dimple_nano is right in 0.6 + fold / 100, ds48 in 0.5.
  StudyRun run(const Study& s, const std::string& only = "") {
    return run_study(
        s, folder_, members_of(s),
        [&](const Member& m) -> Json {
          ++trained_;
          if (m.name == fails_) throw host::Error(host::Exit::model, "it does not fit");
          if (m.name == stops_) return {{"unfinished", true}};
          if (m.name == interrupted_) ::raise(SIGINT);
          const bool nano = m.settings.at("arch") == "dimple_nano";
          return {{"figures", {{"accuracy", nano ? 0.6 + m.settings.at("fold").get<int>() / 100.0 : 0.5}}},
                  {"seconds", 60},
                  {"epochs", nano ? 12 : 7},
                  {"parameters", nano ? 95207 : 65000},
                  {"multiply_adds", 11400000},
                  {"circumstances", {{"host", "here"}, {"threads", 2}}}};
        },
        task_, only);
  }

  fs::path folder_;
  host::NoProgress progress_;
  host::Task task_;
  int trained_ = 0;
  std::string fails_, stops_, interrupted_;
};

TEST(Study, MembersAreEveryCombinationTheLastAxisFastest) {
  const auto members = members_of(study());
  ASSERT_EQ(members.size(), 20u);
  EXPECT_EQ(members[0].name, "arch=dimple_nano,fold=0");
  EXPECT_EQ(members[1].name, "arch=dimple_nano,fold=1");
  EXPECT_EQ(members[10].name, "arch=ds48,fold=0");
  EXPECT_EQ(members[13].settings.at("fold"), 3);
  EXPECT_EQ(members[13].settings.at("augment.blur"), 0.1);
}

TEST(Study, AnAxisMayHaveNamesAndSeveralSettings) {
  const auto members = members_of(study(R"(
[[axes.people]]
name = "children"
data = "c.dimpledata"
seed = 3
[[axes.people]]
name = "all of them"
data = "a.dimpledata"
)"));
  ASSERT_EQ(members.size(), 2u);
  EXPECT_EQ(members[0].settings, Json::parse(R"({"data": "c.dimpledata", "seed": 3})"));
  EXPECT_EQ(members[1].name, "people=all-of-them");
}

TEST(Study, AllArchitecturesAreTheZoos) {
  EXPECT_EQ(study("[axes]\narch = \"all\"\n").axes[0].variations.size(), zoo::architectures().size());
}

TEST(Study, MistakesAreSaid) {
  for (const char* text : {"bse = 1\n", "[axes]\nfold = \"all\"\n", "[axes]\nseed = \"all\"\n", "[axes]\nseed = 3\n",
                           "[axes]\nseed = []\n", "[axes]\nseed = [1, 1]\n", "title = 3\n", "[[axes.a]]\nb = 1\n",
                           "columns = \"accuracy\"\n", "[base]\nprotocol = \"nosuch\"\n[axes]\nfold = \"all\"\n"})
    EXPECT_THROW(study(text), host::Error) << text;
}

TEST(Study, FoldsAndSeedsAreTypedAsLists) {
  EXPECT_EQ(make_axis("fold", "all", "ckplus").variations.size(), 10u);
  EXPECT_EQ(make_axis("seed", "1,2,3", "").variations[2].settings, Json::parse(R"({"seed": 3})"));
  EXPECT_THROW(make_axis("seed", "1,,3", ""), host::Error);
  EXPECT_THROW(make_axis("seed", "a", ""), host::Error);
  EXPECT_THROW(make_axis("fold", "all", ""), host::Error);
  EXPECT_THROW(make_axis("fold", "all", "fer2013"), host::Error) << "ten times the same split";
}

TEST_F(StudyRuns, GoesOnFromWhatIsThere) {
  stops_ = "arch=dimple_nano,fold=4";
  EXPECT_FALSE(run(study()).finished);
  EXPECT_EQ(trained_, 5);
  EXPECT_TRUE(fs::exists(folder_ / "arch=dimple_nano,fold=3.json"));
  EXPECT_FALSE(fs::exists(folder_ / "arch=dimple_nano,fold=4.json"));
  stops_.clear(), trained_ = 0;
  EXPECT_TRUE(run(study()).finished);
  EXPECT_EQ(trained_, 16);
  trained_ = 0;
  run(study());
  EXPECT_EQ(trained_, 0);
}

// It comes when the member's training is over: its result stands, and the next one is not begun.
TEST_F(StudyRuns, CtrlCBesideAResultKeepsItAndBeginsNoOther) {
  interrupted_ = "arch=dimple_nano,fold=4";
  const auto in_a_process_of_its_own = [&] {
    task_ = {progress_, host::catch_interrupts()};
    const bool finished = run(study()).finished;
    std::_Exit(!finished && trained_ == 5 ? 0 : 1);
  };
  EXPECT_EXIT(in_a_process_of_its_own(), testing::ExitedWithCode(0), "");
  EXPECT_TRUE(fs::exists(folder_ / "arch=dimple_nano,fold=4.json"));
}

TEST_F(StudyRuns, AFailureIsARowWithItsReasonAndIsTriedAgain) {
  fails_ = "arch=ds48,fold=2";
  const StudyRun first = run(study());
  EXPECT_TRUE(first.finished);
  EXPECT_EQ(trained_, 20);
  EXPECT_NE(print_table(study(), first.results).find("arch=ds48,fold=2: it does not fit"), std::string::npos);
  fails_.clear(), trained_ = 0;
  const StudyRun second = run(study());
  EXPECT_EQ(trained_, 1);
  EXPECT_EQ(print_table(study(), second.results).find("Failed"), std::string::npos);
}

TEST_F(StudyRuns, OnlyRunsThoseThatWereAskedFor) {
  run(study(), "ds48");
  EXPECT_EQ(trained_, 10);
}

TEST_F(StudyRuns, ResultsOfOtherSettingsAreNotMixedIn) {
  run(study());
  Study other = study();
  other.base["epochs"] = 3;
  EXPECT_THROW(run(other), host::Error);
  other = study();
  other.base["data"] = "elsewhere/CK+48.tar";  // the same data may lie elsewhere
  other.base["max_minutes"] = 30;
  other.base["batch"] = train::Recipe{}.batch;  // said, and as it would be unsaid
  EXPECT_NO_THROW(run(other));
}

TEST(StudySettings, AResultFollowsFromTheRecipeAndTheDataNotFromTheSession) {
  const auto same = [](const Json& a, const Json& b) { return same_result(request_of(a), request_of(b)); };
  EXPECT_TRUE(same({{"threads", 1}, {"device", "cpu"}, {"data", "a.csv"}, {"votes", "v.csv"}}, Json::object()));
  for (const Json& other : {Json{{"seed", 2}}, Json{{"augment.blur", 0.1}}, Json{{"fold", 1}}, Json{{"size", 32}}})
    EXPECT_FALSE(same(other, Json::object())) << other;
  EXPECT_EQ(result_settings(trainings(), {{"threads", 1}, {"data", "a.csv"}, {"seed", 2}, {"augment.blur", 0.1}}),
            (Json{{"seed", 2}, {"augment.blur", 0.1}}));
}

// 0.60 .. 0.69 over ten folds: mean 0.645, deviation sqrt(sum (k - 4.5)^2 / 9) / 100 = 0.0302765.
TEST_F(StudyRuns, TheTableHasMeanSpreadAndInterval) {
  const StudyRun done = run(study());
  const auto rows = summarise(study(), done.results);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].labels, std::vector<std::string>{"dimple_nano"});
  EXPECT_NEAR(rows[0].figures[0].mean, 0.645, 1e-9);
  EXPECT_NEAR(rows[0].figures[0].spread, 0.0302765, 1e-6);
  EXPECT_LT(rows[0].figures[0].interval.low, 0.64);
  EXPECT_GT(rows[0].figures[0].interval.high, 0.65);
  EXPECT_EQ(rows[0].figures[1].runs, 0) << "no AUC was measured";
  EXPECT_NEAR(rows[1].figures[0].spread, 0, 1e-12);
  const std::string table = host::read_text(page_of(folder_));
  EXPECT_NE(table.find("| arch | accuracy | auc | runs | parameters |"), std::string::npos) << table;
  EXPECT_NE(table.find("| epochs | time of a run |"), std::string::npos);
  EXPECT_NE(table.find("| 95207 | 11.4 | 12 | 1m |"), std::string::npos) << table;
  EXPECT_EQ(page_of("results/smile/"), page_of("results/./smile"));
  EXPECT_EQ(page_of("results/smile").filename(), "smile.md");
  for (const char* here : {".", "./", "results/.."}) EXPECT_THROW(page_of(here), host::Error) << here;
  EXPECT_NE(table.find("| dimple_nano | 0.645 ± 0.030 ("), std::string::npos) << table;
  EXPECT_NE(table.find("- host: here"), std::string::npos);
  EXPECT_EQ(host::parse_json(host::read_text(folder_ / "summary.json"), "").at("rows").size(), 2u);
}

TEST_F(StudyRuns, WhatAutoBecameStandsInTheTableWhereItDiffers) {
  const Study s = study("columns = []\n[axes]\narch = [\"a\", \"b\"]\n");
  const auto table_of = [&](const char* of_a, const char* of_b) {
    std::vector<MemberResult> results;
    for (const Member& m : members_of(s))
      results.push_back({m,
                         {{"figures", Json::object()},
                          {"circumstances", {{"precision", m.settings.at("arch") == "a" ? of_a : of_b}}}}});
    return print_table(s, results);
  };
  const std::string mixed = table_of("f32", "bf16");
  EXPECT_NE(mixed.find("| time of a run | arithmetic |"), std::string::npos) << mixed;
  EXPECT_NE(mixed.find("| f32 |\n| b |"), std::string::npos) << mixed;
  EXPECT_NE(mixed.find("| bf16 |\n"), std::string::npos) << mixed;
  EXPECT_EQ(table_of("f32", "f32").find("| arithmetic |"), std::string::npos);
}

TEST_F(StudyRuns, SlicesBecomeATableOfTheirOwn) {
  const Study s = study("[axes]\narch = [\"a\", \"b\"]\n");
  std::vector<MemberResult> results;
  for (const Member& m : members_of(s))
    results.push_back({m, Json::parse(R"({"figures": {"accuracy": 0.5, "slices":
                          {"mouth": {"open": {"balanced_accuracy": 0.25}, "closed": {"balanced_accuracy": 0.75}}}}})")});
  const std::string table = print_table(s, results);
  EXPECT_NE(table.find("by mouth\n\n| arch | closed | open |\n|---|---|---|\n| a | 0.750 | 0.250 |"), std::string::npos)
      << table;
}

// Every study that is shipped can be read, and its axes make members. Settings that a training does not have are found
// by the lab's own test.
TEST(Recipes, AreStudies) {
  int found = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(DIMPLE_SOURCE_DIR) / "recipes")) {
    if (entry.path().extension() != ".toml") continue;
    const std::string path = entry.path().string();
    const Json document = host::parse_toml(host::read_text(path), path);
    if (document.contains("cells")) continue;  // of compressions
    if (!document.contains("axes")) continue;  // settings of one run
    const Study s = parse_study(document, path);
    EXPECT_FALSE(s.title.empty()) << path;
    EXPECT_GE(members_of(s).size(), 2u) << path;
    ++found;
  }
  EXPECT_GE(found, 4);
}

}  // namespace
}  // namespace dimple::study
