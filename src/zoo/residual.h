// A residual network of three stages, every width of which is meant to be searched: the prototype that a person draws for
// system E's search (search/design.h), larger than what is wanted. Its shape is ours; the paper prints none.
#pragma once
#include <array>

#include "ir/graph.h"

namespace dimple::zoo {

struct Residual {
  static constexpr const char* kEdits = "block,branch,detour,separate,kernel,stride,shortcut,bridge,narrow,input";
  ir::Shape input{48, 48, 1};
  int classes = 7;
  float multiplier = 1;
  std::array<int, 3> width{24, 40, 64};
  int pairs = 2;  // in each stage
};

ir::Graph make(const Residual&);

}  // namespace dimple::zoo
