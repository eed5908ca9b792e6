#include "tell_unfinished.h"

#include <fmt/format.h>

namespace dimple::cli {

int tell_unfinished(Invocation& call, const std::string& verb, const std::string& folder, const std::string& saved) {
  const std::string how = fmt::format("dimple {} --resume {}", verb, folder);
  if (call.task().cancelled()) throw host::Error(call.task().cancel_exit(), "stopped; " + saved, how + " goes on");
  call.print("out of time; " + how + " goes on\n");
  return 0;
}

}  // namespace dimple::cli
