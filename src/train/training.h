// From a dataset to a run folder that holds weights, figures, pictures of them, and how to do it again.
#pragma once
#include <string>
#include <vector>

#include "host/json.h"
#include "host/task.h"
#include "train/progress.h"
#include "train/request.h"

namespace dimple::train {

struct TrainReport {
  std::string folder;
  bool leads = true;      // false: another process reports on this training
  bool finished = false;  // false: stopped early, `dimple train --resume FOLDER` goes on
  std::vector<EpochReport> epochs;
  bool validated = true;  // false: there were no validation pictures, and the last epoch was kept
  double best_val_acc = 0;
  int best_epoch = 0, threads = 0;
  std::string precision;  // what `auto` became: f32 or bf16
  int64_t parameters = 0, multiply_adds = 0, nan_skipped = 0, rollbacks = 0;
  double seconds = 0;  // of training, all sessions together
  std::string data, data_sha256, init_sha256;
  host::Json test;  // with --test: figures as `val` has them, and what they were measured on
};

TrainReport train(const TrainRequest& request, const host::Task& task);

}  // namespace dimple::train
