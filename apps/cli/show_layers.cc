#include "show_layers.h"

#include <fmt/format.h>

#include "plot/terminal.h"

namespace dimple::cli {

std::string layer_table(const std::vector<inference::LayerDifference>& layers, const host::Terminal& terminal) {
  std::vector<std::vector<std::string>> rows;
  for (const inference::LayerDifference& layer : layers) {
    rows.push_back({layer.layer, std::to_string(layer.elements), std::to_string(layer.different),
                    fmt::format("{:.6g}", layer.largest)});
  }
  return "\n" + plot::table({{"layer"}, {"values", true}, {"different", true}, {"largest", true}}, rows, terminal);
}

}  // namespace dimple::cli
