#include "model/work_limit.h"

#include <fmt/format.h>

#include "host/error.h"

namespace dimple::model {

void check_work(int64_t work, const std::string& source, int64_t max_macs) {
  if (work > max_macs)
    throw host::Error(host::Exit::model,
                      fmt::format("cannot use {}: it asks for {} multiply-adds for one face, the limit is {}", source,
                                  work, max_macs),
                      fmt::format("--max-macs {} allows it", work));
}

}  // namespace dimple::model
