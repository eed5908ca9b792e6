// The processor's name, for figures that mean nothing without it.
#pragma once
#include <string>

namespace dimple::host {

std::string processor_name();  // "unknown" where the system does not say

}  // namespace dimple::host
