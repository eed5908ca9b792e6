// EfficientNet (Tan and Le, 2019): mobile blocks with swish and gates, and one rule by which width and depth grow
// together; B0 is one of system B's five backbones. As torchvision builds it, weights by its names.
#pragma once
#include <string>
#include <vector>

#include "ir/graph.h"

namespace dimple::zoo {

// The defaults are B0. B1 is {.depth = 1.1f}, B2 {.multiplier = 1.1f, .depth = 1.2f, .dropout = 0.3f}, and so on;
// smaller nets of the family have a multiplier below 1.
struct EfficientNet {
  static constexpr const char* kEdits = "block,branch,gate,kernel,stride,narrow,input";
  struct Stage {
    int expand, kernel, stride, channels, blocks;
  };
  std::string name = "efficientnet_b0";
  ir::Shape input{224, 224, 3};
  int classes = 1000;
  float multiplier = 1, depth = 1;
  int stem = 32;
  std::vector<Stage> stages{{1, 3, 1, 16, 1},  {6, 3, 2, 24, 2},  {6, 5, 2, 40, 2}, {6, 3, 2, 80, 3},
                            {6, 5, 1, 112, 3}, {6, 5, 2, 192, 4}, {6, 3, 1, 320, 1}};
  float dropout = 0.2f;
  float drop_path = 0.2f;  // of the last block; earlier ones are dropped in proportion to their depth
};

ir::Graph make(const EfficientNet&);

}  // namespace dimple::zoo
