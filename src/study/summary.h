// The figures of a study, summarised: a row for each combination of the axes that are no repetitions, with mean and
// spread over those that are.
#pragma once
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

// One label for each axis that is no repetition.
std::vector<std::string> row_labels(const Study& study, const Member& member);

host::Json to_json(const Study& study, const std::vector<SummaryRow>& rows);

bool has_run(const MemberResult& result);  // and did not fail
double number_or_nan(const host::Json& json, const std::string& key);

}  // namespace dimple::study
