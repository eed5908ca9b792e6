// dimple_nano: the net we ship. Plain 3x3 convolutions at few channels and low resolution: on a small chip and on a
// desktop alike they run nearer to the machine's limit than depthwise ones, and they train several times faster.
#pragma once
#include <array>

#include "ir/graph.h"

namespace dimple::zoo {

struct DimpleNano {
  ir::Shape input{48, 48, 1};
  int classes = 7;
  float multiplier = 1;
  std::array<int, 3> width{16, 32, 64};  // at 24x24, 12x12 and 6x6; multiples of 16 suit every machine
  int squeeze = 32;                      // between the two convolutions at 6x6
  float dropout = 0.2f;
};

ir::Graph make(const DimpleNano&);

}  // namespace dimple::zoo
