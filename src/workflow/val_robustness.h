// Answers to pictures that are worse, or cropped otherwise, than those that a reader was made on.
#pragma once
#include <array>
#include <string>
#include <vector>

#include "data/corrupt.h"
#include "data/dataset.h"
#include "evaluate/answer_files.h"
#include "host/document.h"
#include "host/task.h"
#include "inference/opened_model.h"

namespace dimple::workflow {

struct ValRequest;

struct CorruptionFigures {
  std::string kind;
  std::array<double, data::kCorruptionStrengths> accuracy{};

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("kind", self.kind, "what befell the pictures");
    f("accuracy", self.accuracy, "at strengths 1 to 5");
  }
};

struct CorruptionReport {
  double clean = 0;
  std::vector<CorruptionFigures> kinds;
  std::array<double, data::kCorruptionStrengths> relative_error{};

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("clean_accuracy", self.clean, "of the pictures as they are");
    f("relative_error", self.relative_error,
      "at strengths 1 to 5: errors as a multiple of those on pictures as they are, mean of all kinds");
    f("kinds", self.kinds, "one by one");
  }
};

// A crop that lies otherwise.
struct CropFigures {
  std::string change;
  double amount = 0, accuracy = 0;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("change", self.change,
      "margin: how much more is seen around the face; shift: in parts of the width, to one of four sides; rotation: "
      "degrees, to one of two sides");
    f("amount", self.amount, "of the change; margin 1, shift 0 and rotation 0 are the pictures as they are");
    f("accuracy", self.accuracy, "share of the pictures that is read right");
  }
};

// `answers`: to the pictures of `set` as they are.
CorruptionReport measure_corruptions(const ValRequest& request, const data::Dataset& set,
                                     const inference::OpenedModel& model, const evaluate::Answers& answers,
                                     const host::Task& task);
std::vector<CropFigures> measure_crops(const ValRequest& request, const data::Dataset& set,
                                       const inference::OpenedModel& model, const evaluate::Answers& answers,
                                       const host::Task& task);

// corruptions.csv and corruptions.svg, crops.csv and crops.svg.
void write_corruptions(const std::string& folder, const CorruptionReport& report);
void write_crops(const std::string& folder, const std::vector<CropFigures>& crops);

}  // namespace dimple::workflow
