// dimple fit: which networks fit a chip, with what is left, and why others do not.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "host/document.h"
#include "host/task.h"

namespace dimple::workflow {

struct FitRequest {
  std::vector<std::string> models;
  std::string target, ram, flash, runs = "runs";
  double ms = 0;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("models", self.models,
      "model files, shipped models or architectures (default: every shipped model, and what searches, trainings and "
      "compressions left in --runs); files in floats are judged as int8 too");
    f("target", self.target, "a name in targets/ or a target.json: its limits, its kernels, estimates of its time");
    f("ram", self.ram, "that the chip has, for example 256K (default: the target's)");
    f("flash", self.flash, "that it has for the program, beside its firmware: 1M (default: the target's)");
    f("runs", self.runs, "folder of all runs");
    f("ms", self.ms, "that a face may take, estimated; needs a target with a clock; 0: any time");
  }
};

struct Fitting {
  std::string model, form;
  int64_t classes = 0;
  std::optional<double> accuracy, float_accuracy;
  std::string accuracy_on, accuracy_from;
  std::optional<int64_t> ram_bytes, flash_bytes, ram_left, flash_left;
  std::optional<double> ms, ms_left;
  std::vector<std::string> reasons;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("model", self.model, "name or file");
    f("form", self.form, "int8: a file in floats, judged as the integers that a chip wants; empty: as it is");
    f("classes", self.classes, "that it tells apart; 0: not known. Accuracies compare only between equal ones");
    f("accuracy", self.accuracy, "as far as it is known");
    f("float_accuracy", self.float_accuracy,
      "of int8: of the same network in floats; what int8 costs was not measured");
    f("accuracy_on", host::unless_empty(self.accuracy_on), "test or validation: which pictures it was measured on");
    f("accuracy_from", host::unless_empty(self.accuracy_from),
      "where it stands: a card, or a file of the run that made it");
    f("ram_bytes", self.ram_bytes, "arena, prepared steps and stack");
    f("flash_bytes", self.flash_bytes, "of the planned program; the firmware's code comes beside it");
    f("ms", self.ms, "milliseconds for a face, estimated");
    f("ram_left", self.ram_left, "bytes of RAM that stay free");
    f("flash_left", self.flash_left, "bytes of flash that stay free");
    f("ms_left", self.ms_left, "milliseconds to the limit");
    f("reasons", self.reasons, "why it does not fit; empty where it does");
  }
};

struct FitReport {
  std::string target;
  std::optional<int64_t> ram_limit, flash_limit;
  std::optional<double> ms_limit;
  std::vector<Fitting> fits, does_not_fit;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("schema", host::kReportSchema, "version of this document");
    f("target", self.target, "the chip");
    f("ram_limit", self.ram_limit, "bytes of RAM; left out: any");
    f("flash_limit", self.flash_limit, "bytes of flash for the program; left out: any");
    f("ms_limit", self.ms_limit, "milliseconds for a face; left out: any");
    f("fits", self.fits, "those of most classes first, of them the most accurate, then the smallest");
    f("does_not_fit", self.does_not_fit, "with the reasons, the nearest first");
  }
};

FitReport fit(const FitRequest&, const host::Task&);

}  // namespace dimple::workflow
