// dimple val: how well a model answers on a dataset under a named protocol, with intervals; or two models, side by
// side.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "data/load.h"
#include "evaluate/figures.h"
#include "host/json.h"
#include "host/task.h"
#include "inference/network.h"

namespace dimple::workflow {

struct ValRequest {
  std::vector<std::string> what;  // the data, or two models, or both
  std::string data, model = "dimple-nano", against, protocol, split = "test";
  data::LoadOptions load;
  int fold = 0, threads = 0, resamples = 1000;
  std::string unknown = "refuse";
  std::vector<std::string> fail_under;
  std::string executor = "program", record, name, runs = "runs";
  bool save = true;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("what", self.what, "the data; or two models to be compared, with --data");
    f("data", self.data, "what to answer on: a dataset's file or folder, or a tensor cache");
    f("model", self.model, "a shipped model, a .safetensors file or a .dimple program");
    f("against", self.against, "a second model: both are measured, and whether they differ is said");
    f("protocol", self.protocol, "fer2013, ferplus, ckplus, cafe, smile or own (default: the data's own)");
    f("split", self.split, "train, validation or test");
    f("fold", self.fold, "which fold is tested, from 0 (protocols with folds)");
    data::LoadOptions::visit(self.load, f, "split_file");
    f("threads", self.threads, "0 = one per core");
    f("resamples", self.resamples, "bootstrap resamples behind the 95 % intervals");
    f("unknown", self.unknown,
      "classes that the model has no answer for: refuse; wrong: their pictures count as misread; skip: they are left "
      "out");
    f("fail_under", self.fail_under,
      "of one model: exit 6 when a figure is lower: accuracy=0.6, balanced_accuracy=..., f1_macro=..., auc=...");
    f("executor", self.executor,
      "who computes: program, as a device does; reference, the graph; check: both, compared layer by layer; record: "
      "keep "
      "every layer; replay: compare with a record");
    f("record", self.record, "file of --executor record (default: layers.safetensors in the run folder) or replay");
    f("name", self.name, "name of the run (default: the next free number)");
    f("runs", self.runs, "folder of all runs");
    f("save", self.save, "write no run folder");
  }
};

struct ValReport {
  std::string model, model_sha256, data, data_sha256, protocol, split, folder, executor;
  std::vector<std::string> classes;
  std::map<std::string, int64_t> unknown;     // pictures of classes that the model has no answer for
  std::string unknown_are;                    // wrong or skip
  metrics::Classification raw, deduplicated;  // deduplicated: without rows that are byte copies of training rows
  evaluate::Figure accuracy, accuracy_deduplicated, balanced_accuracy, f1_macro;
  evaluate::Figures figures;        // these, and what else the classes allow
  evaluate::Answers answers;        // of every picture; not part of the JSON
  std::vector<int32_t> together;    // answers of one person, or to one picture, share a number
  std::vector<std::string> missed;  // gates that failed
  std::vector<inference::LayerDifference> differences;
  bool layers_agree = true;
  int threads = 0;
  double seconds = 0;
};

// Moves the words of `what` to where they belong: `val DATA`, `val A B --data DATA`, `val A B DATA`.
ValRequest sorted_out(ValRequest request);

ValReport val(const ValRequest& request, const host::Task& task);

host::Json to_json(const ValReport& report);

}  // namespace dimple::workflow
