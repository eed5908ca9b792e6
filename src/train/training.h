// dimple train: from a dataset to a run folder that holds weights, figures, pictures of them, and how to do it again.
#pragma once
#include <string>
#include <vector>

#include "data/load.h"
#include "host/json.h"
#include "host/task.h"
#include "train/trainer.h"

namespace dimple::train {

struct TrainRequest {
  std::string data;
  TrainConfig config;
  data::LoadOptions load;
  std::string protocol, name, runs = "runs", resume;
  int fold = 0;
  bool test = false;
  std::string test_data, test_protocol;
  std::string study, out, folds, seeds, only;
  bool table = false;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("data", self.data, "what to learn from: a dataset's file or folder, or a tensor cache; several, by commas, pool");
    data::LoadOptions::visit(self.load, f);
    f("protocol", self.protocol,
      "fer2013, ferplus, ckplus, smile or own: what is trained on, what is held back (default: the data's own)");
    f("fold", self.fold, "which fold is held back, from 0 (protocols with folds)");
    f("name", self.name, "name of the run (default: the next free number)");
    f("runs", self.runs, "folder of all runs");
    f("resume", self.resume, "go on with this run folder; its own settings hold");
    f("test", self.test, "at the end, answer on the test pictures with the best weights: once, when all is decided");
    f("test_data", self.test_data, "other data to test on, for --test (default: the data's own test split)");
    f("test_protocol", self.test_protocol, "protocol of --test-data");
    f("study", self.study,
      "a TOML file with many trainings: base and axes (docs/training.md); goes on from what is there");
    f("out", self.out, "folder of the study's results; their table stands beside it, OUT.md (default: below --runs)");
    f("folds", self.folds, "a study over folds: all, or 0,3");
    f("seeds", self.seeds, "a study over seeds: 1,2,3");
    f("only", self.only, "of a study, the members whose name holds this");
    f("table", self.table, "of a study, the table of what is there; nothing is run");
    TrainConfig::visit(self.config, f);
  }
};

struct TrainReport {
  std::string folder;
  bool leads = true;      // false: another process reports on this training
  bool finished = false;  // false: stopped early, `dimple train --resume FOLDER` goes on
  std::vector<EpochRow> epochs;
  bool validated = true;  // false: there were no pictures to judge epochs by, and the last one was kept
  double best_val_acc = 0;
  int best_epoch = 0, threads = 0;
  std::string precision;  // what `auto` became: f32 or bf16
  int64_t parameters = 0, multiply_adds = 0, nan_skipped = 0, rollbacks = 0;
  double seconds = 0;  // of training, all sessions together
  std::string data, data_sha256, init_sha256;
  host::Json test;  // with --test: figures as `val` has them, and what they were measured on
};

// What a training was asked for, from the run folder it left. Throws host::Error(Exit::usage) when it is none.
TrainRequest settings_in(const std::string& run_folder);

// For a lone training; a request with study, folds or seeds goes to workflow/study_train.h.
TrainReport train(const TrainRequest& request, const host::Task& task);

}  // namespace dimple::train
