// dimple compress --study: one table of networks made smaller in several ways (study/compression_recipe.h). Every cell is
// a compression with a run folder of its own, of its architecture's parent (study/parents.h). A result names the parent
// by checksum, and holds only as long as that is the parent.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "compress/compress.h"
#include "host/task.h"
#include "study/parents.h"
#include "study/study_verb.h"
#include "study/trainings.h"

namespace dimple::study {

// How a study's parents are trained and its cells compressed; tests give their own.
struct CompressionTools {
  Parents::Train train;
  std::function<compress::CompressReport(const compress::CompressRequest&)> compress;
};

// Settings, weakest first: a compression's own defaults, the study's base, what of `compression` was asked for on this
// call (`given`: the names of those fields), the cells' axes. A parent's training has those of [parent]; where data lies
// and how the session is run is the same for all.
StudyReport compress_study(const StudyFlags& request, const compress::CompressRequest& compression,
                           const std::vector<std::string>& given, const host::Task& task,
                           const CompressionTools& tools = {});

}  // namespace dimple::study
