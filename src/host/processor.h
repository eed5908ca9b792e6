// The processor's name and what it can do, for figures that mean nothing without them.
#pragma once
#include <string>
#include <string_view>

namespace dimple::host {

std::string processor_name();  // "unknown" where the system does not say

// Of those that decide how fast a net is here, the ones that this text (/proc/cpuinfo) names: "avx2 avx512f
// avx512_bf16".
std::string fast_features(std::string_view cpuinfo);
std::string fast_features();  // of this processor

}  // namespace dimple::host
