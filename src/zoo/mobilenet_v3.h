// MobileNetV3 (Howard et al., 2019), large and small: inverted residuals with hard-swish and squeeze-and-excite gates;
// two of system B's five backbones. As torchvision builds it, weights by its names.
#pragma once
#include <vector>

#include "ir/graph.h"
#include "zoo/mobile_blocks.h"

namespace dimple::zoo {

struct MobileNetV3 {
  static constexpr const char* kEdits = "block,branch,gate,dense,kernel,stride,narrow,input";
  struct Block {
    int kernel, expanded, channels;
    bool gate;
    Curve curve;
    int stride;
  };
  std::string name;
  std::vector<Block> blocks;
  int last;  // width of the layer in front of the head
  ir::Shape input{224, 224, 3};
  int classes = 1000;
  float multiplier = 1;
  int stem = 16;
  float dropout = 0.2f;
};

MobileNetV3 mobilenet_v3_large();
MobileNetV3 mobilenet_v3_small();

ir::Graph make(const MobileNetV3&);

}  // namespace dimple::zoo
