// The last look: how the weights that validation chose answer on pictures that nothing was decided by.
#pragma once
#include <string>

#include "workflow/train.h"

namespace dimple::workflow {

// The test split of `set`, or of request.test_data; classes are matched by name. The figures of `val`, and `data`,
// `data_sha256`, `protocol`.
host::Json test_model(const std::string& model_path, const data::Dataset& set, const TrainRequest& request,
                      host::Progress& progress);

}  // namespace dimple::workflow
