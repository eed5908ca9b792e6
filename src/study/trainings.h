// dimple train with --study, --folds or --seeds: every member is a training with a run folder of its own, tested once.
#pragma once
#include <string>
#include <vector>

#include "host/json.h"
#include "host/task.h"
#include "study/request.h"
#include "train/request.h"

namespace dimple::study {

struct StudyReport {
  std::string folder, table;  // the table as Markdown
  bool finished = false;      // every member that was asked for has a result
  int64_t failed = 0;
  host::Json summary;
};

// Settings, weakest first: a training's own defaults, the study's base, what of `training` was asked for on this call
// (`given`: the names of those fields), the axes.
StudyReport train_study(const StudyRequest& request, const train::TrainRequest& training,
                        const std::vector<std::string>& given, const host::Task& task);

}  // namespace dimple::study
