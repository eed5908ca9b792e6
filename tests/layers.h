// The rooms of the house and who may see whom: the table of ARCHITECTURE.md as data.
// A file includes lower layers, its own room, and rooms that stand before its own in the same layer.
// A file in ops/ takes its layer from the role in its name and counts as the last room of that layer.
#pragma once
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/source_tree.h"

namespace dimple::tests {

inline const std::vector<std::string> kLayers = {
    "base ops",                                                           // L0
    "image format ops:kernel",                                            // L1
    "runtime faces",                                                      // L2
    "host ir ops:semantics",                                              // L3
    "edit zoo model compile media plot metrics detect data ops:rewrite",  // L4
    "nn export profile ops:torch ops:emit",                               // L5
    "train compress search explain",                                      // L6
    "workflow",                                                           // L7
    "apps",                                                               // L8
};
inline constexpr int kLastFreestandingLayer = 2;

struct Place {
  int layer = 0;
  int room = 0;  // position within the layer

  auto operator<=>(const Place&) const = default;
};

// Where a file stands; nothing when its folder is in no layer.
std::optional<Place> place_of(const std::string& path);

// One sentence per breach; empty when the tree keeps the rule.
std::vector<std::string> upward_includes(const SourceTree& tree);
std::vector<std::string> include_circles(const SourceTree& tree);
std::vector<std::string> library_headers_below_the_line(const SourceTree& tree);
std::vector<std::string> strangers_who_know_libtorch(const SourceTree& tree);

}  // namespace dimple::tests
