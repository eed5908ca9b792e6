#include "workflow/report_search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <tuple>

#include "host/error.h"
#include "host/files.h"
#include "ir/builder.h"
#include "ir/initialise.h"
#include "model/model.h"

namespace dimple::workflow {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr const char* kReport = R"({
  "trials": 13, "failed": 1, "seconds": 120, "objective": "flops", "score": "auc",
  "first": {"key": "k1", "path": "", "score": 0.85, "nested": 0.853, "quality": 1, "parameters": 24700, "multiply_adds": 1560000,
            "cost": 3120000},
  "found": {"key": "k3", "path": "narrow one 16\nseparate two\n", "score": 0.81, "nested": 0.806, "quality": 0.88, "test_score": 0.8,
            "parameters": 2610, "multiply_adds": 220000, "cost": 441000, "missed": ["macs < 5, and it is 220000"]},
  "confirmed": [{"key": "12ab", "score": 0.8, "full_score": 0.83, "full_nested": 0.82, "cost": 441000}],
  "requirements": [{"requirement": "macs < 5", "met_by": 0, "best": 220000}],
  "rank_correlation": 0.75
})";

constexpr const char* kTrials =
    "id,key,heir,score,nested,accuracy,quality,flops,epochs,seconds,path\n"
    "1,k1,,0.85000,0.85300,0.8,1.00000,3120000,1,20,\n"
    "2,k2,k1,0.70000,,0.7,0.57000,2000000,1,18,narrow one 16\n"
    "4,k3,k2,0.81000,0.80600,0.8,0.88000,441000,1,15,narrow one 16; separate two\n"
    "5,k4,k3,0.60000,0.59000,0.8,0.28000,300000,1,15,narrow one 8; separate two; block three\n";

// What the found one keeps of the first: a layer is narrower, one left.
model::Model network(int width, bool has_middle) {
  ir::Builder g("net", {16, 16, 1});
  ir::Value x = g.relu(g.conv(g.input(), width, {.name = "stem"}));
  if (has_middle) x = g.relu(g.conv(x, width, {.name = "middle"}));
  model::Model m;
  m.graph = g.finish(g.dense(g.global_average_pool(x), 2, "last"));
  ir::initialise(m.graph, 1);
  m.labels = {"a", "b"}, m.preprocess.width = m.preprocess.height = 16, m.preprocess.channels = 1;
  return m;
}

class ReportSearch : public testing::Test {
 protected:
  ReportSearch() : folder_(fs::path(testing::TempDir()) / ("dimple-report-" + std::to_string(::getpid()))) {
    fs::create_directories(folder_);
    host::write_atomic(folder_ / "search.sqlite", std::string("x"));
  }
  ~ReportSearch() override { fs::remove_all(folder_); }
  fs::path folder_;
};

TEST_F(ReportSearch, WritesAPage) {
  EXPECT_FALSE(is_search(folder_ / "nosuch"));
  EXPECT_THROW(report_search(folder_, ""), host::Error);  // cut short
  host::write_atomic(folder_ / "search.json", std::string(kReport));
  host::write_atomic(folder_ / "trials.csv", std::string(kTrials));
  model::save_model((folder_ / "first.safetensors").string(), network(8, true));
  model::save_model((folder_ / "found.safetensors").string(), network(6, false));
  ASSERT_TRUE(is_search(folder_));
  const SearchPage page = report_search(folder_, "");
  EXPECT_EQ(page.path, (folder_ / "report.md").string());
  EXPECT_EQ(page.trials, 13);
  const std::string text = host::read_text(page.path);
  for (const char* piece : {"13 networks were tried in 2.0 minutes, 1 failed",
                            "| first | 0.8500 | 0.8530 |  | 1.000 | 24.7 k | 1.56 M | 3.12 M |",
                            "| found | 0.8100 | 0.8060 | 0.8000 | 0.880 | 2.61 k | 220 k | 441 k |",
                            "1. `narrow one 16`\n2. `separate two`\n", "- macs < 5, and it is 220000",
                            "| macs < 5 | 0 | 220 k |", "| 12ab | 0.8000 | 0.8300 | 0.8200 | 441 k |",
                            "Rank correlation (Spearman) of trials and trainings in full: 0.75.",
                            "![every network that was scored](search.svg)", "![the front](report_front.svg)",
                            "![what came from what](report_tree.svg)",
                            "| stem | conv2d | 3x3 | 1>8 -> **1>6** | 16x16 | 18.4 k -> **13.8 k** |",
                            "| middle | conv2d | 3x3 | 8>8 | 16x16 | 147 k -> **gone** |",
                            "| 2 | 0.7000 |  | 0.570 | 2 M | 18 | narrow one 16 |",
                            "| 5 | 0.6000 | 0.5900 | 0.280 | 300 k | 15 | narrow one 8, block three |"})
    EXPECT_THAT(text, HasSubstr(piece));
  EXPECT_THAT(host::read_text(folder_ / "report_tree.svg"), HasSubstr(">4  separate two<"));
  EXPECT_THAT(host::read_text(folder_ / "report_front.svg"), HasSubstr(">found<"));
}

// Pictures stand beside the page that shows them.
TEST_F(ReportSearch, LeavesItsPicturesBesideThePage) {
  host::write_atomic(folder_ / "search.json", std::string(kReport));
  host::write_atomic(folder_ / "trials.csv", std::string(kTrials));
  fs::create_directories(folder_ / "elsewhere");
  const std::string text = host::read_text(report_search(folder_, (folder_ / "elsewhere" / "walk.md").string()).path);
  EXPECT_THAT(text, HasSubstr("![the front](walk_front.svg)"));
  EXPECT_THAT(text, HasSubstr("![every network that was scored](../search.svg)"));
  EXPECT_TRUE(host::file_exists(folder_ / "elsewhere" / "walk_tree.svg"));
}

TEST_F(ReportSearch, SaysWhichLineOfTheTrialsIsDamaged) {
  host::write_atomic(folder_ / "search.json", std::string(kReport));
  for (const auto& [from, to, says] :
       {std::tuple("0.57000,2000000", "0.57000,few", "trials.csv, line 3: flops is no number"),
        {"flops", "steps", "has no column `flops`"},
        {"2,k2,k1,", "2,k2,", "line 3: there are 10 fields, and 11 columns"}}) {
    std::string damaged = kTrials;
    damaged.replace(damaged.find(from), std::string(from).size(), to);
    host::write_atomic(folder_ / "trials.csv", damaged);
    try {
      report_search(folder_, "");
      FAIL() << "taken";
    } catch (const host::Error& e) {
      EXPECT_EQ(e.exit(), host::Exit::input);
      EXPECT_THAT(e.what(), HasSubstr(says));
    }
  }
  EXPECT_FALSE(host::file_exists(folder_ / "report.md"));
}

TEST_F(ReportSearch, SaysWhatIsWrongWithAReport) {
  host::write_atomic(folder_ / "search.json", std::string("{\"trials\": 1}"));
  try {
    report_search(folder_, "");
    FAIL() << "taken";
  } catch (const host::Error& e) {
    EXPECT_EQ(e.exit(), host::Exit::input);
    EXPECT_THAT(e.what(), HasSubstr("is missing"));
  }
  EXPECT_FALSE(host::file_exists(folder_ / "report.md"));
}

}  // namespace
}  // namespace dimple::workflow
