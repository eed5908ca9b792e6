// The table of --executor check and replay.
#pragma once
#include <string>
#include <vector>

#include "host/terminal.h"
#include "inference/network.h"

namespace dimple::cli {

std::string layer_table(const std::vector<inference::LayerDifference>& layers, const host::Terminal& terminal);

}  // namespace dimple::cli
