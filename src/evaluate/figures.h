// How well answers agree with the truth, each figure with its interval: what `val`, a test at the end of a training and
// the tables of a study all measure, in the same way.
//
// Intervals are 95 %, by bootstrap: people are drawn whole where they are known, identical pictures elsewhere.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "evaluate/answer_files.h"
#include "host/json.h"
#include "metrics/bootstrap.h"
#include "metrics/classification.h"

namespace dimple::evaluate {

struct Figure {
  double value = 0;
  metrics::Interval interval;
};

struct NamedFigure {
  std::string name;  // "balanced_accuracy"
  Figure figure;
};

// One value of something that is known of each picture: ethnicity, mouth, age.
struct Slice {
  std::string group, value;
  int64_t count = 0;
  Figure accuracy, balanced_accuracy, f1_macro;
};

struct Figures {
  metrics::Classification raw, deduplicated;  // deduplicated: without rows that are byte copies of training rows
  // accuracy, accuracy_deduplicated, balanced_accuracy, f1_macro; with two classes also auc, precision and recall of
  // the second one ("smile" of "other, smile").
  std::vector<NamedFigure> figures;
  std::vector<Slice> slices;

  const Figure& operator[](std::string_view name) const;  // all zero when there is no such figure
};

// `set` is what answers.rows count in.
Figures measure(const data::Dataset& set, const Answers& answers, int resamples);

// For each of these rows of the set a number that rows which belong together share.
std::vector<int32_t> groups_of(const data::Dataset& set, std::span<const int32_t> rows);

// {"accuracy": .., ..., "intervals_95": {...}, "per_class": ..., "confusion": ..., "slices": ...}
host::Json to_json(const Figures& figures, const std::vector<std::string>& classes);

}  // namespace dimple::evaluate
