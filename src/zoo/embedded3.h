// The last net of system C: three convolutions (the first with a large stride), three max-pools, one batch norm, and
// one fully connected layer behind a dropout. Its widths are not published; these are ours.
#pragma once
#include <array>

#include "ir/graph.h"

namespace dimple::zoo {

struct Embedded3 {
  static constexpr const char* kEdits = "separate,kernel,merge,pool,stride,narrow,input";
  ir::Shape input{48, 48, 1};
  int classes = 7;
  float multiplier = 1;
  int first_kernel = 5;
  int first_stride = 2;
  std::array<int, 3> width{16, 32, 64};
  float dropout = 0.5f;
};

ir::Graph make(const Embedded3&);

}  // namespace dimple::zoo
