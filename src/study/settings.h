// The settings of a study's members, name to value, as files and results have them: what they come to, and when two of
// them give the same result.
#pragma once
#include "host/json.h"
#include "train/training.h"

namespace dimple::study {

// Tables in a table become names with dots: augment.blur.
host::Json flat(const host::Json& table);

// Throws a usage error for a name that a training does not have, or a value that does not fit.
train::TrainRequest request_of(const host::Json& settings);

// The settings that a request comes to, without what is the study's own or says where things are put.
host::Json settings_of(const train::TrainRequest& request);

// Whether both come to the same, defaults included. Where the data lies, on how many threads it runs, how long it may
// run at a time: that may differ.
bool same_settings(const host::Json& a, const host::Json& b);

// Where things lie on this machine is nobody's business and may change: a result names its data by checksum.
host::Json without_places(host::Json settings);

}  // namespace dimple::study
