// From a dataset to a run folder that holds weights, figures, pictures of them, and how to do it again.
#pragma once
#include <string>
#include <vector>

#include "host/document.h"
#include "host/task.h"
#include "train/best_answers.h"
#include "train/ranks.h"
#include "train/request.h"
#include "train/trainer.h"

namespace dimple::train {

struct TrainReport {
  std::string folder;
  bool leads = true;      // false: another process reports on this training
  bool finished = false;  // false: stopped early, `dimple train --resume FOLDER` goes on
  std::vector<EpochReport> epochs;
  bool validated = true;  // false: there were no validation pictures, and the last epoch was kept
  Progress progress;      // of all sessions together
  int threads = 0;
  std::string precision;  // what `auto` became: f32 or bf16
  int64_t parameters = 0, multiply_adds = 0;
  std::string data, data_sha256, init_sha256;
  host::OrNull<TestReport> test;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("schema", host::kReportSchema, "version of this document");
    f("folder", self.folder, "the run folder");
    f("finished", self.finished, "false: stopped early, to be resumed");
    f("epochs", self.epochs.size(), "that are done, all sessions together");
    f("best_val_acc", self.progress.best_val_acc, "accuracy on the validation pictures in the best epoch");
    f("best_epoch", self.progress.best_epoch, "whose weights were kept as the best, from 1");
    f("nan_skipped", self.progress.nan_skipped, "steps that were skipped: their loss was no number");
    f("rollbacks", self.progress.rollbacks, "times that the last good weights came back");
    f("test", self.test, "with --test: figures as `val` has them; else null");
  }
};

// `rank`: which of the processes that train together this one is.
TrainReport train(const TrainRequest& request, const Rank& rank, const host::Task& task);

}  // namespace dimple::train
