// dimple_nano, dimple_small, dimple_base: the nets we ship. Plain 3x3 convolutions at few channels and low resolution: on
// a small chip and on a desktop alike they run nearer to the machine's limit than depthwise ones, and they train several
// times faster.
#pragma once
#include <array>

#include "ir/graph.h"

namespace dimple::zoo {

struct DimpleNano {
  static constexpr const char* kEdits = "block,branch,detour,separate,kernel,stride,shortcut,bridge,narrow,input";
  const char* name = "dimple_nano";
  ir::Shape input{48, 48, 1};
  int classes = 7;
  float multiplier = 1;
  std::array<int, 3> width{16, 32, 64};  // at 24x24, 12x12 and 6x6; multiples of 16 suit every machine
  std::array<int, 3> pairs{1, 2, 0};     // of convolutions around which a shortcut leads, at each of the three
  int squeeze = 32;                      // between the last two convolutions at 6x6
  float dropout = 0.2f;
};

constexpr DimpleNano dimple_small() {
  return {.name = "dimple_small", .width = {24, 48, 96}, .pairs = {1, 1, 1}, .squeeze = 48};
}
constexpr DimpleNano dimple_base() {
  return {.name = "dimple_base", .width = {32, 80, 192}, .pairs = {1, 1, 1}, .squeeze = 96, .dropout = 0.3f};
}

ir::Graph make(const DimpleNano&);

}  // namespace dimple::zoo
