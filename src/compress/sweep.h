// One method at several strengths, and the front of what comes out.
#pragma once
#include "compress/compress.h"

namespace dimple::compress {

// request.sweep is "keep=0.75,0.5,0.25". Goes on from the runs that are there. Throws host::Error(Exit::usage) for what is no
// method with values.
CompressReport sweep(const CompressRequest& request, const host::Task& task);

}  // namespace dimple::compress
