// dimple val: how well a model answers on a dataset under a named protocol, with intervals; or two models, side by
// side.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "data/load.h"
#include "evaluate/compare.h"
#include "evaluate/figures.h"
#include "host/task.h"
#include "inference/level.h"
#include "inference/network.h"
#include "model/work_limit.h"
#include "workflow/val_robustness.h"

namespace dimple::workflow {

struct ValRequest {
  std::vector<std::string> what;  // the data, or two models, or both
  std::string data, model = "dimple-nano", against, protocol, split = "test";
  data::LoadOptions load;
  int fold = 0, threads = 0, resamples = 1000;
  std::string unknown = "refuse";
  std::vector<std::string> fail_under;
  std::string executor = "program", isa, record, name, runs = "runs";
  bool save = true, corruptions = false, crops = false;
  int64_t max_macs = model::kMaxMacs;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("what", self.what, "the data; or two models to be compared, with --data");
    f("data", self.data, "what to answer on: a dataset's file or folder, or a tensor cache");
    f("model", self.model, "a shipped model, a .safetensors file or a .dimple program");
    f("against", self.against, "a second model: both are measured, and whether they differ is said");
    f("protocol", self.protocol, "fer2013, ferplus, ckplus, cafe, smile or own (default: the data's own)");
    f("split", self.split,
      "train, validation or test; all: every picture, of a set that the model has not learned from");
    f("fold", self.fold, "which fold is tested, from 0 (protocols with folds)");
    data::LoadOptions::visit(self.load, f, "split_file");
    f("threads", self.threads, "0 = one per core");
    f("resamples", self.resamples, "bootstrap resamples behind the 95 % intervals");
    f("unknown", self.unknown,
      "classes that the model has no answer for: refuse; wrong: their pictures count as misread; skip: they are "
      "left out");
    f("fail_under", self.fail_under,
      "of one model: exit 6 when a figure is lower: accuracy=0.6, balanced_accuracy=..., f1_macro=..., auc=...");
    f("corruptions", self.corruptions,
      "answer on the pictures damaged in 18 ways too, at five strengths each (a hundred times the work)");
    f("crops", self.crops, "answer on the pictures cropped wider and closer, shifted and turned too");
    f("executor", self.executor, inference::kExecutorHelp);
    f("isa", self.isa, inference::kIsaHelp);
    f("record", self.record, "file of --executor record (default: layers.safetensors in the run folder) or replay");
    f("max_macs", self.max_macs, model::kMaxMacsHelp);
    f("name", self.name, "name of the run (default: the next free number)");
    f("runs", self.runs, "folder of all runs");
    f("save", self.save, "write a run folder");
  }
};

// Of the classes that the model has no answer for.
struct UnknownClasses {
  std::map<std::string, int64_t> pictures;
  std::string are;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("pictures", self.pictures, "by class");
    f("are", self.are, "wrong: counted as misread; skip: left out");
  }
};

struct ValReport {
  std::string model, model_sha256, data, data_sha256, protocol, split, executor, folder;
  std::vector<std::string> classes;
  std::optional<UnknownClasses> unknown;
  evaluate::Figures figures;
  std::optional<CorruptionReport> corruptions;
  std::vector<CropFigures> crops;
  std::vector<inference::LayerDifference> layers;  // with check and replay
  int threads = 0;
  double seconds = 0;
  // Not of the document:
  evaluate::Answers answers;        // of every picture
  std::vector<int32_t> together;    // answers of one person, or to one picture, share a number
  std::vector<std::string> missed;  // gates that failed

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("schema", host::kReportSchema, "version of this document");
    f("model", self.model, "name of the model");
    f("model_sha256", self.model_sha256, "of the planned program");
    f("data", self.data, "name of the data set");
    f("data_sha256", self.data_sha256, "of its pictures and labels");
    f("protocol", self.protocol, "which pictures are tested, and how");
    f("split", self.split, "train, validation, test or all");
    f("executor", self.executor, "what computed the answers");
    f("flips_averaged", false, "each picture was read once, as it is");
    f("unknown_classes", self.unknown, "pictures that the model has no answer for");
    evaluate::Figures::visit(self.figures, f, self.classes);
    f("corruptions", self.corruptions, "with --corruptions: where pictures are worse");
    f("crops", host::unless_empty(self.crops), "with --crops: where they are cropped otherwise");
    f("layers", self.layers, "with --executor check or replay: how far each layer is off");
    f("threads", self.threads, "that read pictures");
    f("seconds", self.seconds, "for everything");
    f("folder", self.folder, "the run folder; empty with --no-save");
  }
};

// Moves the words of `what` to where they belong: `val DATA`, `val A B --data DATA`, `val A B DATA`.
ValRequest sorted_out(ValRequest request);

ValReport val(const ValRequest& request, const host::Task& task);

// dimple val A B: two models on the same pictures.
struct CompareReport {
  ValReport first, second;
  evaluate::Comparison comparison;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("schema", host::kReportSchema, "version of this document");
    f("first", self.first, "of the first model alone");
    f("second", self.second, "of the second model alone");
    evaluate::Comparison::visit(self.comparison, f);
  }
};

// Measures both models of the request, `model` and `against`.
CompareReport compare(const ValRequest& request, const host::Task& task);

}  // namespace dimple::workflow
