// MobileNetV2 (Sandler et al., 2018): inverted residuals with linear bottlenecks; one of system B's five backbones. As
// torchvision builds it, weights by its names.
#pragma once
#include <vector>

#include "ir/graph.h"

namespace dimple::zoo {

struct MobileNetV2 {
  static constexpr const char* kEdits = "block,branch,kernel,stride,narrow,input";
  struct Stage {
    int expand, channels, blocks, stride;
  };
  ir::Shape input{224, 224, 3};
  int classes = 1000;
  float multiplier = 1;
  int stem = 32;
  std::vector<Stage> stages{{1, 16, 1, 1}, {6, 24, 2, 2},  {6, 32, 3, 2}, {6, 64, 4, 2},
                            {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}};
  int last = 1280;  // made wider with the rest, never narrower
  float dropout = 0.2f;
};

ir::Graph make(const MobileNetV2&);

}  // namespace dimple::zoo
