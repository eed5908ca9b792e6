// A graph as a table for people.
#pragma once
#include <string>
#include <vector>

#include "ir/graph.h"

namespace dimple::ir {

// A layer with weights, or a sum.
struct LayerRow {
  std::string name, op, window, channels, output, sum_of;
  int64_t multiply_adds = 0;
  bool operator==(const LayerRow&) const = default;
};
std::vector<LayerRow> layer_rows(const Graph&);

// A line for each: what it is, its window (and stride), how wide it is, what it puts out.
std::string print_layers(const Graph&);

// Layers of the same name beside each other, in the order of `b`; a null stands where a network has none of that name.
struct LayerPair {
  const LayerRow* a = nullptr;
  const LayerRow* b = nullptr;
};
std::vector<LayerPair> side_by_side(const std::vector<LayerRow>& a, const std::vector<LayerRow>& b);

}  // namespace dimple::ir
