// The list of architectures that a user can name. A new one is a file in this room and its line in architectures.cc.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ir/graph.h"

namespace dimple::zoo {

struct Sizes {
  ir::Shape input;  // all zero: the architecture's own
  int classes = 7;
  float width = 1;  // all inner widths times this
};

struct Architecture {
  std::string_view name;
  std::string_view what;
  ir::Graph (*make)(const Sizes&);
  // Kinds of reductions (edit/reductions.h) that make sense of it, by commas: what a search takes where it is told none.
  std::string_view edits;
};

// The value of --input, HEIGHTxWIDTHxCHANNELS; all zero for "". Throws host::Error(Exit::usage).
ir::Shape parse_input(const std::string& text);

std::span<const Architecture> architectures();
std::vector<std::string> architecture_names();

// "" where there is no architecture of that name.
std::string_view edits_of(std::string_view name);

// Throws host::Error(Exit::usage) with the nearest name when there is none of that name.
ir::Graph make(std::string_view name, const Sizes& sizes = {});

}  // namespace dimple::zoo
