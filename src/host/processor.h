// The processor's name and what it can do, for figures that mean nothing without them.
#pragma once
#include <string>
#include <string_view>

namespace dimple::host {

std::string processor_name();  // "unknown" where the system does not say

// The instruction sets that decide the speed of a net, as far as this text (/proc/cpuinfo) names them: "avx2 avx512f
// avx512_bf16".
std::string fast_features(std::string_view cpuinfo);
std::string fast_features();  // of this processor

}  // namespace dimple::host
