// What a model is worth and what it costs, measured here.
#pragma once
#include <cstdint>
#include <string>

#include "data/dataset.h"
#include "evaluate/figures.h"
#include "host/document.h"
#include "host/task.h"
#include "model/model.h"

namespace dimple::compress {

struct Measurement {
  double validation_accuracy = 0;
  bool tested = false;
  double accuracy = 0, accuracy_deduplicated = 0, balanced_accuracy = 0, f1_macro = 0;  // on test pictures
  int64_t parameters = 0, zeros = 0, multiply_adds = 0;
  int64_t weight_bytes = 0, program_bytes = 0, zipped_bytes = 0, arena_bytes = 0;
  double here_us = 0;
  double phone_us = 0;  // estimated

  // On test pictures where there was a test, else on validation ones.
  double judged_accuracy() const { return tested ? accuracy : validation_accuracy; }
  // What gates can be set on.
  evaluate::Figures figures() const;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("validation_accuracy", self.validation_accuracy, "share of the validation pictures that is read right");
    f("tested", self.tested, "false: there was no test, and its figures are 0");
    f("accuracy", self.accuracy, "share of the test pictures that is read right");
    f("accuracy_deduplicated", self.accuracy_deduplicated, "the same without copies of training pictures");
    f("balanced_accuracy", self.balanced_accuracy, "mean recall of the classes, on test pictures");
    f("f1_macro", self.f1_macro, "mean F1 of the classes, on test pictures");
    f("parameters", self.parameters, "weights and biases");
    f("zeros", self.zeros, "weights that are zero");
    f("multiply_adds", self.multiply_adds, "for one face");
    f("weight_bytes", self.weight_bytes, "weights, biases and codebooks, packed as the program holds them");
    f("program_bytes", self.program_bytes, "the planned program");
    f("zipped_bytes", self.zipped_bytes, "the planned program, deflated");
    f("arena_bytes", self.arena_bytes, "memory that the program needs to run");
    f("here_us", self.here_us, "microseconds for one face on one core of this machine, half of the runs");
    f("phone_us", self.phone_us, "estimated microseconds on one core of a phone of 2018 (target moto-g6)");
  }
};

struct MeasureOptions {
  bool test = false;     // on test pictures too
  double seconds = 0.3;  // of timing; 0: none
  int threads = 0;
};

// Runs the model's program. Throws host::Error(Exit::model) for one that cannot be planned.
Measurement measure(const model::Model&, const data::Dataset&, const MeasureOptions&, const host::Task&);

}  // namespace dimple::compress
