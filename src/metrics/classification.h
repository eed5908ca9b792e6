// How well scores agree with labels. A row's answer is its highest score, the first of equals.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace dimple::metrics {

struct ClassFigures {
  int64_t support = 0;                       // rows with this label
  int64_t predicted = 0;                     // rows with this answer
  double precision = 0, recall = 0, f1 = 0;  // 0 where there is nothing to divide by

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("support", self.support, "pictures that show it");
    f("precision", self.precision, "share of the answers with its name that are right");
    f("recall", self.recall, "share of its pictures that are read right");
    f("f1", self.f1, "harmonic mean of precision and recall");
  }
};

// Rows whose highest score falls in one interval.
struct ReliabilityBin {
  double low = 0, high = 0;
  int64_t count = 0;
  double confidence = 0;  // mean highest score
  double accuracy = 0;
};

struct Classification {
  int classes = 0;
  int64_t count = 0;
  double accuracy = 0;
  double balanced_accuracy = 0;  // mean recall of the classes that occur among the labels
  double f1_macro = 0;           // mean F1 of the classes that occur among labels or answers
  double ece = 0;                // expected calibration error: mean |confidence - accuracy| over the bins, by rows
  double log_loss = 0;           // mean -log(score of the label), the score kept above 1e-12
  std::vector<ClassFigures> per_class;
  std::vector<int64_t> confusion;  // [label][answer]
  std::vector<ReliabilityBin> reliability;

  std::vector<std::vector<int64_t>> confusion_rows() const;
  int64_t confused(int label, int answer) const { return confusion[static_cast<size_t>(label * classes + answer)]; }
};

// scores: rows x classes, in [0, 1]; labels: one per row, in [0, classes).
Classification classify(std::span<const float> scores, std::span<const int32_t> labels, int classes);

// Only the rows named, a row as often as it is named (as a bootstrap draws them).
Classification classify(std::span<const float> scores, std::span<const int32_t> labels, int classes,
                        std::span<const int32_t> rows);

int32_t answer_of(std::span<const float> scores);  // of one row

}  // namespace dimple::metrics
