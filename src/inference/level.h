// The level of instructions that a network may use: the best that the processor has, or less, so that each can be measured
// and tested on one machine.
#pragma once
#include <string>
#include <vector>

#include "kernels/select.h"

namespace dimple::inference {

inline constexpr const char* kIsaHelp =
    "highest level of instructions to use, of those that this processor has (default: all; dimple doctor lists them)";

// portable first, the best last.
std::vector<std::string> levels_here();

// "" is the best. Throws a usage error for a level that is not known, or not here.
kernels::IsaSet isas_up_to(const std::string& level);

}  // namespace dimple::inference
