// How well answers agree with the truth, each figure with its interval: what `val`, a test at the end of a training and
// the tables of a study all measure, in the same way.
//
// Intervals are 95 %, by bootstrap: people are drawn whole where they are known, identical pictures elsewhere.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/dataset.h"
#include "evaluate/answer_files.h"
#include "host/document.h"
#include "metrics/bootstrap.h"
#include "metrics/classification.h"

namespace dimple::evaluate {

struct Figure {
  double value = 0;
  metrics::Interval interval;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("value", self.value, "as measured");
    f("interval_95", self.interval.ends(), "lower and upper end");
  }
};

// The pictures of which one value is known: of mouth `open`, of age `child`.
struct Slice {
  int64_t count = 0;
  Figure accuracy, balanced_accuracy, f1_macro;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("pictures", self.count, "pictures with this value");
    f("accuracy", self.accuracy.value, "share of them that is read right");
    f("balanced_accuracy", self.balanced_accuracy.value, "mean recall of the classes among them");
    f("f1_macro", self.f1_macro.value, "mean F1 of the classes among them");
    f("accuracy_interval_95", self.accuracy.interval.ends(), "lower and upper end");
    f("balanced_accuracy_interval_95", self.balanced_accuracy.interval.ends(), "lower and upper end");
    f("f1_macro_interval_95", self.f1_macro.interval.ends(), "lower and upper end");
  }
};

struct Figures {
  metrics::Classification raw, deduplicated;  // deduplicated: without rows that are byte copies of training rows
  // accuracy, accuracy_deduplicated, balanced_accuracy, f1_macro; with two classes also auc, precision and recall of
  // the second one ("smile" of "other, smile").
  host::Named<Figure> figures;
  host::Named<host::Named<Slice>> slices;  // by group and value: mouth, open

  const Figure& operator[](std::string_view name) const;  // all zero when there is no such figure

  // `classes` are the names behind the class numbers.
  template <class Self, class F>
  static void visit(Self& self, F&& f, const std::vector<std::string>& classes) {
    f("pictures", self.raw.count, "pictures that were read");
    f("pictures_deduplicated", self.deduplicated.count, "those that are no byte copies of training pictures");
    f("accuracy", self["accuracy"].value, "share of the pictures that is read right");
    f("accuracy_deduplicated", self.accuracy_deduplicated(), "the same without copies; null: all are copies");
    f("balanced_accuracy", self["balanced_accuracy"].value, "mean recall of the classes that occur");
    f("f1_macro", self["f1_macro"].value, "mean F1 of the classes that occur");
    f("auc", self.find("auc"), "of two classes: area under the ROC curve of `positive`");
    f("precision", self.find("precision"), "of two classes: precision of `positive`");
    f("recall", self.find("recall"), "of two classes: recall of `positive`");
    f("positive", classes.size() == 2 ? std::optional(classes[1]) : std::nullopt, "of two classes: the second");
    f("log_loss", self.raw.log_loss, "mean -log of the probability given to the truth");
    f("ece", self.raw.ece, "expected calibration error");
    f("intervals_95", self.intervals(), "lower and upper end for each figure; null where the figure is");
    f("classes", classes, "in the order of `confusion`");
    f("per_class", self.by_class(classes), "figures of each class");
    f("confusion", self.raw.confusion_rows(), "pictures by truth (rows) and answer (columns)");
    f("slices", host::unless_empty(self.slices), "figures by group and value, where groups are known");
  }

 private:
  host::OrNull<double> accuracy_deduplicated() const;
  std::optional<double> find(std::string_view name) const;
  host::Named<host::OrNull<std::array<double, 2>>> intervals() const;
  host::Named<metrics::ClassFigures> by_class(const std::vector<std::string>& classes) const;
};

// `set` is what answers.rows count in.
Figures measure(const data::Dataset& set, const Answers& answers, int resamples);

// For each of these rows of the set a number that rows which belong together share.
std::vector<int32_t> groups_of(const data::Dataset& set, std::span<const int32_t> rows);

host::Json to_json(const Figures& figures, const std::vector<std::string>& classes);

// A sentence for each gate (accuracy=0.6) that is missed. Throws a usage error for what is no figure with a number.
std::vector<std::string> missed_gates(const Figures& figures, const std::vector<std::string>& gates);

}  // namespace dimple::evaluate
