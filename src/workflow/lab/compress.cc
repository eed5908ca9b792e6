#include "workflow/lab/compress.h"

namespace dimple::workflow {

CompressReport compress(const CompressRequest& request, const std::vector<std::string>& given, const host::Task& task) {
  if (request.study.is_given()) return study::compress_study(request.study, request.compression, given, task);
  return compress::compress(request.compression, task);
}

}  // namespace dimple::workflow
