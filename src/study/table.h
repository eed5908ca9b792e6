// The table of a study: a row for each combination of the axes that are no repetitions, mean and spread over those that
// are, and under it the circumstances.
#pragma once
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "metrics/bootstrap.h"
#include "study/study.h"

namespace dimple::study {

struct Summary {
  int64_t runs = 0;
  double mean = 0, spread = 0;  // spread: standard deviation between the runs (n - 1); 0 for one
  metrics::Interval interval;   // 95 % of the mean, by drawing runs; of the pictures, where there is one run only
};

struct SummaryRow {
  std::vector<std::string> labels;  // one for each axis that is no repetition
  int64_t runs = 0, wanted = 0;
  std::vector<Summary> figures;    // one for each column
  double seconds = 0, epochs = 0;  // of a run, mean
  int64_t parameters = 0, multiply_adds = 0;
  std::set<std::string> arithmetic;  // what `precision` came to
};

std::vector<SummaryRow> summarise(const Study& study, const std::vector<MemberResult>& results);

// Markdown.
std::string print_table(const Study& study, const std::vector<MemberResult>& results);

// Where a study whose results are in `folder` has its page: beside it, folder.md. Throws a usage error for the folder
// in which one is: its name was not typed, and a file beside it would be a surprise.
std::filesystem::path page_of(const std::filesystem::path& folder);

// That page, and summary.json in the folder.
void write_tables(const Study& study, const std::filesystem::path& folder, const std::vector<MemberResult>& results);

host::Json to_json(const Study& study, const std::vector<SummaryRow>& rows);

}  // namespace dimple::study
