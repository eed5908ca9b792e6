#include "workflow/lab/compress.h"

namespace dimple::workflow {

CompressReport compress(const CompressRequest& request, const host::Task& task) {
  return compress::compress(request, task);
}

}  // namespace dimple::workflow
