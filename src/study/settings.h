// The settings of a study's members, name to value, as files and results have them: what they come to, and when two of
// them give the same result.
#pragma once
#include "host/json.h"
#include "train/request.h"

namespace dimple::study {

// Tables in a table become names with dots: augment.blur.
host::Json flat(const host::Json& table);

// Throws a usage error for a name that a training does not have, or a value that does not fit.
train::TrainRequest request_of(const host::Json& settings);

host::Json settings_of(const train::TrainRequest& request);

// Whether both give the same result: the same recipe on data that is read the same way. Where the data lies and how the
// training is run may differ; a result names its data by checksum.
bool same_result(const train::TrainRequest& a, const train::TrainRequest& b);

// Those of the settings that a result follows from.
host::Json result_settings(const host::Json& settings);

}  // namespace dimple::study
