// NASNet-A mobile (Zoph et al., 2018): two searched cells, stacked; one of system B's five backbones. The layout is the
// one Keras ships: 5,289,978 learned parameters at 1000 classes, 5,326,716 with batch-norm statistics; layers stand in
// its order, so that weights without names of ours find their places.
#pragma once
#include "ir/graph.h"

namespace dimple::zoo {

struct NasNetMobile {
  static constexpr const char* kEdits = "block,branch,kernel,narrow";
  ir::Shape input{224, 224, 3};
  int classes = 1000;
  float multiplier = 1;
  int stem = 32;
  int filters = 44;  // of a normal cell in the first stage; its output is six times as wide
  int cells = 4;     // normal cells per stage
};

ir::Graph make(const NasNetMobile&);

}  // namespace dimple::zoo
