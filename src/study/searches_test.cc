#include "study/searches.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "host/fields.h"
#include "host/files.h"
#include "host/json.h"

namespace dimple::study {
namespace {

namespace fs = std::filesystem;
using host::Json;
using search::SearchReport;
using search::SearchRequest;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kRecipe = R"(
title = "Two strategies"
columns = ["hypervolume", "share_of_cost", "rank_correlation"]
[base]
method = "design"
where = "macs < 1M"
trials = 8
[axes]
strategy = ["evolution", "random"]
seed = [1, 2]
)";

// Searches that take no time.
class Searches : public testing::Test {
 protected:
  Searches() : folder_(fs::path(testing::TempDir()) / ("dimple-searches-" + std::to_string(::getpid()))) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    write_recipe(kRecipe);
  }
  ~Searches() override { fs::remove_all(folder_); }

  void write_recipe(const std::string& text) const { host::write_atomic(folder_ / "s.toml", text); }

  StudyReport run(const std::string& only = {}, bool table = false) {
    asked_.clear();
    SearchRequest asked;
    asked.training.session.runs = (folder_ / "runs").string(), asked.training.paths.data = "/elsewhere/faces.csv";
    return search_study(
        {(folder_ / "s.toml").string(), (folder_ / "out").string(), only, table}, asked, {"runs", "data"}, {},
        [this](const SearchRequest& r) {
          asked_.push_back(r);
          const train::Session& session = r.training.session;
          const fs::path folder = fs::path(session.runs) / "search" / session.name;
          if (session.resume.empty()) {
            fs::create_directories(folder);
            host::write_atomic(folder / "args.toml", host::to_toml(r));
            host::write_atomic(folder / "first.safetensors", std::string("weights"));
          }
          if (r.strategy == fails_) throw host::Error(host::Exit::failed, "nothing was found");
          SearchReport report{.data = "faces", .data_sha256 = "12", .finished = r.strategy != stops_, .seconds = 36};
          report.trials = r.trials, report.first.cost = 200, report.found.cost = r.strategy == "random" ? 100 : 50;
          report.found.multiply_adds = 50, report.found.test_score = 0.5;
          report.hypervolume = 1 + static_cast<double>(r.training.recipe.seed);
          if (r.strategy == "evolution") report.rank_correlation = 0.75;
          return report;
        });
  }

  Json member(const std::string& name) const {
    const fs::path file = folder_ / "out" / (name + ".json");
    return host::parse_json(host::read_text(file), file.string());
  }

  fs::path folder_;
  std::vector<SearchRequest> asked_;
  std::string fails_, stops_;
};

TEST_F(Searches, BecomeARowForEachStrategyOverItsSeeds) {
  const StudyReport report = run();
  EXPECT_TRUE(report.finished);
  EXPECT_EQ(report.failed, 0);
  ASSERT_EQ(asked_.size(), 4u);
  for (const SearchRequest& r : asked_) {
    EXPECT_EQ(r.method, "design");
    EXPECT_TRUE(r.training.session.test);
    EXPECT_EQ(r.training.paths.data, "/elsewhere/faces.csv");
  }
  ASSERT_EQ(report.summary.rows.size(), 2u);
  const SummaryRow& evolution = report.summary.rows[0];
  EXPECT_THAT(evolution.labels, ElementsAre("evolution"));
  EXPECT_EQ(evolution.runs, 2);
  EXPECT_DOUBLE_EQ(evolution.figures[0].mean, 2.5);
  EXPECT_DOUBLE_EQ(evolution.figures[0].interval.low, 2);
  EXPECT_DOUBLE_EQ(evolution.figures[0].interval.high, 3);
  EXPECT_DOUBLE_EQ(evolution.figures[1].mean, 0.25);
  EXPECT_DOUBLE_EQ(evolution.figures[2].mean, 0.75);
  EXPECT_THAT(report.table, HasSubstr("| strategy | hypervolume | share_of_cost | rank_correlation | runs |"));
  EXPECT_THAT(report.table, testing::Not(HasSubstr("epochs")));
  const Json one = member("seed=2,strategy=random");
  EXPECT_EQ(one["figures"]["trials_per_hour"], 800);
  EXPECT_FALSE(one["figures"].contains("rank_correlation"));
  EXPECT_EQ(one["circumstances"]["data"], "faces, sha256 12");
  EXPECT_EQ(one["settings"]["trials"], 8);
}

TEST_F(Searches, GoOnFromWhatIsThere) {
  stops_ = "random";
  EXPECT_FALSE(run().finished);
  stops_.clear();
  EXPECT_TRUE(run().finished);
  ASSERT_EQ(asked_.size(), 3u);
  EXPECT_EQ(asked_[0].strategy, "random");
  EXPECT_EQ(asked_[0].training.session.resume, (folder_ / "runs" / "s" / "search" / "seed=1,strategy=random").string());
  EXPECT_EQ(asked_[1].training.session.resume, "");
  run({}, true);
  EXPECT_TRUE(asked_.empty());
}

// More trials go on with what is there; another requirement is another search, beside it.
TEST_F(Searches, ResumeFoldersOfTheSameSearch) {
  const auto with = [&](const std::string& more) {
    write_recipe("[base]\nmethod = \"design\"\n" + more);
    fs::remove_all(folder_ / "out");
    run();
    return asked_.at(0).training.session;
  };
  EXPECT_EQ(with("trials = 8\nwhere = \"macs < 1M\"\n").name, "alone");
  EXPECT_THAT(with("trials = 9\nconfirm = 4\nwhere = \"macs < 1M\"\n").resume, HasSubstr("search/alone"));
  const train::Session other = with("trials = 8\nwhere = \"macs < 2M\"\n");
  EXPECT_EQ(other.name, "alone.2");
  EXPECT_EQ(other.resume, "");
  EXPECT_EQ(with("trials = 8\nvotes = \"other.csv\"\nwhere = \"macs < 2M\"\n").name, "alone.3");
}

TEST_F(Searches, FailOneByOne) {
  fails_ = "evolution";
  const StudyReport report = run();
  EXPECT_EQ(report.failed, 2);
  EXPECT_THAT(report.table, HasSubstr("nothing was found"));
  EXPECT_EQ(member("seed=1,strategy=random")["figures"]["cost"], 100);
}

// A mistake is said before any of them has begun.
TEST_F(Searches, SayWhatIsWrongFirst) {
  const auto refusal = [&](const std::string& text) -> std::string {
    write_recipe(text);
    try {
      run();
    } catch (const host::Error& error) {
      EXPECT_EQ(error.exit(), host::Exit::usage);
      return error.what();
    }
    return "taken";
  };
  EXPECT_THAT(refusal("[axes]\nstrategy = [\"random\", \"evolutoin\"]\n"), HasSubstr("evolutoin"));
  EXPECT_THAT(refusal("[base]\nfloors = 1\n"), HasSubstr("floors"));
  EXPECT_THAT(refusal("[base]\nmethod = \"design\"\n"), HasSubstr("needs to know what is required"));
  EXPECT_TRUE(asked_.empty());
  EXPECT_FALSE(host::file_exists(folder_ / "out"));
}

}  // namespace
}  // namespace dimple::study
