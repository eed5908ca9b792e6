// The answers of a model on rows of a set that is in memory, by several threads.
#pragma once
#include <cstdint>
#include <vector>

#include "data/dataset.h"
#include "evaluate/answer_files.h"
#include "host/task.h"
#include "inference/opened_model.h"

namespace dimple::evaluate {

// The set's pictures have the model's size and channels. Throws host::Error when the task is cancelled.
Answers read_rows(const inference::OpenedModel&, const data::Dataset&, std::vector<int32_t> rows, int threads,
                  const host::Task&);

}  // namespace dimple::evaluate
