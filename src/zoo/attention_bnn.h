// A net in the manner of system D: channel and spatial attention around convolutions that are to become binary, about
// 70 K parameters. Its paper's layer table is not open; this one follows what is known to make binary nets work: the
// first and the last layer stay full, a batch norm behind every convolution and the pool in front of it, a full
// shortcut around each, widths in multiples of 32, attention multiplied in before the PReLU (where it also serves as a
// scale that depends on the input). Convolutions named "binary_*" are the ones to binarise; as made here, all of it
// trains in float.
#pragma once
#include <vector>

#include "ir/graph.h"

namespace dimple::zoo {

struct AttentionBnn {
  struct Block {
    int channels;  // as many as come in, or twice as many
    bool pool;
  };
  ir::Shape input{48, 48, 1};
  int classes = 7;
  float multiplier = 1;
  int stem = 32;
  std::vector<Block> blocks{{32, true}, {64, true}, {64, false}};
  int squeeze = 8;         // width inside of the channel attention
  int spatial_kernel = 7;  // of the spatial attention
};

ir::Graph make(const AttentionBnn&);

}  // namespace dimple::zoo
