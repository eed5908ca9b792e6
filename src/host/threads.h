// How many threads a --threads asks for.
#pragma once
#include <algorithm>
#include <thread>

#include "host/error.h"

namespace dimple::host {

inline constexpr int kMaxThreads = 256;

// 0: one per core. Throws Error(Exit::usage) for what no machine should be asked for.
inline int choose_threads(int asked) {
  if (asked < 0 || asked > kMaxThreads)
    throw Error(Exit::usage, "--threads is between 0 (one per core) and " + std::to_string(kMaxThreads));
  const int cores = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  return asked > 0 ? asked : std::min(cores, kMaxThreads);
}

}  // namespace dimple::host
