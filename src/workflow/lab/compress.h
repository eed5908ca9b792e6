// dimple compress: a smaller network from a trained one.
#pragma once
#include "compress/compress.h"

namespace dimple::workflow {

using CompressRequest = compress::CompressRequest;
using CompressReport = compress::CompressReport;

CompressReport compress(const CompressRequest& request, const host::Task& task);

}  // namespace dimple::workflow
