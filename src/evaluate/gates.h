// Gates on figures, as --fail-under takes them: accuracy=0.6.
#pragma once
#include <string>
#include <vector>

#include "evaluate/figures.h"

namespace dimple::evaluate {

// A sentence for each gate that these figures miss. Throws a usage error for a gate that is no figure with a number.
std::vector<std::string> missed_gates(const Figures& figures, const std::vector<std::string>& gates);

}  // namespace dimple::evaluate
