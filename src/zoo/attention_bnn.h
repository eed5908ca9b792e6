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
  static constexpr const char* kEdits = "block,branch,gate,kernel,merge,stride,shortcut,narrow,input";
  struct Block {
    int channels;  // as many as come in, or twice as many
    bool pool;
  };
  enum class Attention { none, in_front, behind };  // of the batch norm
  ir::Shape input{48, 48, 1};
  int classes = 7;
  float multiplier = 1;
  int stem = 32;
  std::vector<Block> blocks{{32, true}, {64, true}, {64, false}};
  int squeeze = 8;         // width inside of the channel attention
  int spatial_kernel = 7;  // of the spatial attention
  Attention attention = Attention::behind;
  bool prelu = true;         // else relu
  bool input_scale = false;  // each binary convolution's output times the mean |input| that its window saw
  const char* name = "attention_bnn";
};

// Variants, for comparison.
inline AttentionBnn attention_bnn_plain() {
  AttentionBnn net;
  net.attention = AttentionBnn::Attention::none, net.name = "attention_bnn_plain";
  return net;
}
inline AttentionBnn attention_bnn_early() {
  AttentionBnn net;
  net.attention = AttentionBnn::Attention::in_front, net.name = "attention_bnn_early";
  return net;
}
inline AttentionBnn attention_bnn_relu() {
  AttentionBnn net;
  net.prelu = false, net.name = "attention_bnn_relu";
  return net;
}
inline AttentionBnn attention_bnn_scaled() {
  AttentionBnn net;
  net.input_scale = true, net.name = "attention_bnn_scaled";
  return net;
}
// Wider and one block deeper: what a program of 60 KB holds when its convolutions are bits. Attention reads its channels
// through half as many inner ones: as codes they would take more room than the bits.
inline AttentionBnn dimple_binary() {
  AttentionBnn net;
  net.blocks = {{64, true}, {64, false}, {64, false}, {128, true}};
  net.squeeze = 4;
  net.name = "dimple_binary";
  return net;
}

ir::Graph make(const AttentionBnn&);

}  // namespace dimple::zoo
