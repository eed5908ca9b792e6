// The figures of a study, summarised: a row for each combination of the axes that are no repetitions, with mean and
// spread over those that are.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "host/document.h"
#include "metrics/bootstrap.h"
#include "study/study.h"

namespace dimple::study {

struct Summary {
  std::string column;
  int64_t runs = 0;
  double mean = 0, spread = 0;  // spread: standard deviation between the runs (n - 1); 0 for one
  metrics::Interval interval;   // 95 % of the mean, by drawing runs; of the pictures, where there is one run only

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("mean", self.mean, "of the runs");
    f("spread", self.spread, "standard deviation between the runs");
    f("interval_95", self.interval.ends(), "lower and upper end");
    f("runs", self.runs, "in which it was measured");
  }
};

struct SummaryRow {
  std::vector<std::string> labels;  // one for each axis that is no repetition
  int64_t runs = 0, wanted = 0;
  std::vector<Summary> figures;    // one for each column
  double seconds = 0, epochs = 0;  // of a run, mean
  int64_t parameters = 0, multiply_adds = 0;
  std::set<std::string> arithmetic;  // what `precision` came to

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("labels", self.labels, "one for each of the axes");
    f("runs", self.runs, "that have a result");
    f("wanted", self.wanted, "runs of the whole study");
    f("figures", self.measured(), "by column, where it was measured");
    f("seconds", self.seconds, "of a run, mean");
    f("epochs", self.epochs, "of a run, mean");
    f("parameters", self.parameters, "of the network");
    f("multiply_adds", self.multiply_adds, "for one picture");
  }

 private:
  host::Named<Summary> measured() const;
};

std::vector<SummaryRow> summarise(const Study& study, const std::vector<MemberResult>& results);

// What makes rows: the axes that are no repetitions, and a member's label on each.
std::vector<std::string> row_axes(const Study& study);
std::vector<std::string> row_labels(const Study& study, const Member& member);

struct StudySummary {
  std::string title;
  std::vector<std::string> axes;
  std::vector<SummaryRow> rows;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("schema", host::kReportSchema, "version of this document");
    f("title", self.title, "of the study");
    f("axes", self.axes, "that make rows, in the order of a row's labels");
    f("rows", self.rows, "a row for each combination of the axes");
  }
};

StudySummary summary_of(const Study& study, const std::vector<MemberResult>& results);

bool has_run(const MemberResult& result);  // and did not fail
double number_or_nan(const host::Json& json, const std::string& key);

}  // namespace dimple::study
