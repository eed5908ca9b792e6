// The rooms of the house and who may see whom: src/layers.txt, held against what every source of src/ and apps/
// includes.
#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace dimple::tests {

struct Includes {
  std::vector<std::string> ours;       // "room/file.h"
  std::vector<std::string> libraries;  // <file.h>
};

// Path as an #include spells it (src/ left away, apps/ kept) -> its includes. Sorted, so reports are stable.
using SourceTree = std::map<std::string, Includes>;

Includes parse_includes(const std::string& text);
SourceTree load_source_tree(const std::filesystem::path& repository);

// Tests, benches and fuzzers may include anything.
bool is_test(const std::string& path);

// A row of src/layers.txt: the rooms of a layer, in order.
struct Layer {
  bool freestanding = false;
  std::vector<std::string> rooms;
  std::set<std::string> knows_libtorch;  // rooms, those of the lab
};

// Throws std::runtime_error for a row that cannot be read.
std::vector<Layer> read_layers();

struct LayerPosition {
  int layer = 0;
  int room = 0;  // position within the layer

  auto operator<=>(const LayerPosition&) const = default;
};

// Where a file stands; nothing when its folder is in no layer.
std::optional<LayerPosition> position_of(const std::string& path);

// One sentence per breach; empty when the tree keeps the rule.
std::vector<std::string> upward_includes(const SourceTree& tree);
std::vector<std::string> include_circles(const SourceTree& tree);
std::vector<std::string> library_headers_below_the_line(const SourceTree& tree);
std::vector<std::string> strangers_who_know_libtorch(const SourceTree& tree);

}  // namespace dimple::tests
