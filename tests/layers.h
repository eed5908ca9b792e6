// The rooms of the house and who may see whom: src/layers.txt, held against the includes of the tree.
#pragma once
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/source_tree.h"

namespace dimple::tests {

// A row of src/layers.txt: the rooms of a layer, in order.
struct Layer {
  bool freestanding = false;
  std::vector<std::string> rooms;
  std::set<std::string> knows_libtorch;  // rooms, those of the lab
};

// Throws std::runtime_error for a row that cannot be read.
std::vector<Layer> read_layers();

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
