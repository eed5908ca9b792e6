#include "workflow/report_search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "host/error.h"
#include "host/files.h"

namespace dimple::workflow {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr const char* kReport = R"({
  "trials": 13, "failed": 1, "seconds": 120, "objective": "flops", "score": "auc",
  "first": {"path": "", "score": 0.85, "nested": 0.853, "quality": 1, "parameters": 24700, "multiply_adds": 1560000,
            "cost": 3120000},
  "found": {"path": "narrow one 16\nseparate two\n", "score": 0.81, "nested": 0.806, "quality": 0.88, "test_score": 0.8,
            "parameters": 2610, "multiply_adds": 220000, "cost": 441000, "missed": ["macs < 5, and it is 220000"]},
  "confirmed": [{"key": "12ab", "score": 0.8, "full_score": 0.83, "full_nested": 0.82, "cost": 441000}],
  "rank_correlation": 0.75
})";

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
  ASSERT_TRUE(is_search(folder_));
  const SearchPage page = report_search(folder_, "");
  EXPECT_EQ(page.path, (folder_ / "report.md").string());
  EXPECT_EQ(page.trials, 13);
  const std::string text = host::read_text(page.path);
  for (const char* piece : {"13 networks were tried in 2.0 minutes, 1 failed",
                            "| first | 0.8500 | 0.8530 |  | 1.000 | 24.7 k | 1.56 M | 3.12 M |",
                            "| found | 0.8100 | 0.8060 | 0.8000 | 0.880 | 2.61 k | 220 k | 441 k |",
                            "1. `narrow one 16`\n2. `separate two`\n", "- macs < 5, and it is 220000",
                            "| 12ab | 0.8000 | 0.8300 | 0.8200 | 441 k |",
                            "Rank correlation (Spearman) of trials and trainings in full: 0.75.",
                            "![every network that was scored](search.svg)"})
    EXPECT_THAT(text, HasSubstr(piece));
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
