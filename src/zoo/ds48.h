// A plain depthwise-separable net for 48x48 grey, kept as a yardstick for timing: it is the same everywhere it is
// measured.
#pragma once
#include <vector>

#include "ir/graph.h"

namespace dimple::zoo {

struct Ds48 {
  static constexpr const char* kEdits = "block,kernel,stride,shortcut,narrow,input";
  struct Block {
    int stride, channels;
  };
  ir::Shape input{48, 48, 1};
  int classes = 7;
  float multiplier = 1;
  int stem = 16;
  std::vector<Block> blocks{{2, 32}, {1, 32}, {2, 64}, {1, 64}, {1, 64}, {1, 64}, {2, 128}, {1, 128}, {1, 128}};
  bool batch_norm = false;  // on for training; the yardstick has its biases folded
};

ir::Graph make(const Ds48&);

}  // namespace dimple::zoo
