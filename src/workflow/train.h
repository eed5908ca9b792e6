// dimple train: from a dataset to a run folder that holds weights, figures, pictures of them, and how to do it again.
#pragma once
#include <string>
#include <vector>

#include "host/progress.h"
#include "train/trainer.h"

namespace dimple::workflow {

struct TrainRequest {
  std::string data;
  train::TrainConfig config;
  std::string protocol, name, runs = "runs", resume, votes;
  int fold = 0;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("data", self.data, "what to learn from: a dataset's file or folder, or a tensor cache");
    f("protocol", self.protocol,
      "fer2013, ferplus or ckplus: what is trained on, what is held back (default: the data's own)");
    f("fold", self.fold, "which fold is held back, from 0 (protocols with folds)");
    f("votes", self.votes, "FER+ votes csv (default: fer2013new.csv beside the data)");
    f("name", self.name, "name of the run (default: the next free number)");
    f("runs", self.runs, "folder of all runs");
    f("resume", self.resume, "go on with this run folder; its own settings hold");
    train::TrainConfig::visit(self.config, f);
  }
};

struct TrainReport {
  std::string folder;
  bool leads = true;      // false: another process reports on this training
  bool finished = false;  // false: stopped early, `dimple train --resume FOLDER` goes on
  std::vector<train::EpochRow> epochs;
  double best_val_acc = 0;
  int best_epoch = 0, threads = 0;
  int64_t parameters = 0, multiply_adds = 0;
};

TrainReport train(const TrainRequest& request, host::Progress& progress);

}  // namespace dimple::workflow
