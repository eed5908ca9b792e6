// Gates on figures, as --fail-under takes them: accuracy=0.6.
#pragma once
#include <string>
#include <vector>

#include "evaluate/figures.h"

namespace dimple::evaluate {

// The gates that these figures miss, a sentence each. Throws a usage error for one that is no figure and number.
std::vector<std::string> missed_gates(const Figures& figures, const std::vector<std::string>& gates);

}  // namespace dimple::evaluate
