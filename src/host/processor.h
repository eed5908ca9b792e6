// The processor's name and what it can do.
#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <thread>

#include "host/error.h"

namespace dimple::host {

std::string processor_name();  // "unknown" where the system does not say

// The instruction sets that decide the speed of a net, as far as this text (/proc/cpuinfo) names them: "avx2 avx512f
// avx512_bf16".
std::string fast_features(std::string_view cpuinfo);
std::string fast_features();  // of this processor

inline constexpr int kMaxThreads = 256;

// How many threads a --threads asks for; 0: one per core. Throws Error(Exit::usage) for what no machine has.
inline int choose_threads(int asked) {
  if (asked < 0 || asked > kMaxThreads)
    throw Error(Exit::usage, "--threads is between 0 (one per core) and " + std::to_string(kMaxThreads));
  const int cores = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  return asked > 0 ? asked : std::min(cores, kMaxThreads);
}

}  // namespace dimple::host
