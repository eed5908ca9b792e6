// Sets the smallest weights to zero. The graph keeps its shape. The zeros are the mask: training with keep_zeros leaves them
// zero.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "ir/graph.h"

namespace dimple::edit {

// Of a layer: a share of its weights, wherever they lie; or, with m > 0, all but the n largest of each m in a row,
// which machines for sparse products ask for. In a row are the weights of one output channel in their own order: of a
// conv2d the input channels of one tap, then those of the next.
struct Pattern {
  double share = 0;  // at least 0, below 1
  int n = 0, m = 0;

  bool operator==(const Pattern&) const = default;
};

// "0.8" and "2:4". Throws host::Error(Exit::usage).
Pattern parse_pattern(std::string_view text);
std::string print(const Pattern&);

struct SparsifyOptions {
  bool global = false;       // a share of all layers' weights together: layers of small weights may lose them all
  bool every_layer = false;  // else those that lose most by it are left alone: the first, the last, depthwise ones
  std::vector<std::string> leave = {};  // nodes that are left alone
};

struct LayerZeros {
  std::string node;
  int64_t zeros = 0, total = 0;  // of the weight, as it is now
  bool left_alone = false;

  bool operator==(const LayerZeros&) const = default;
};

// Layers are the linear operators (convolutions, dense ones), in order; biases stay, and so do weights that count by their
// sign (ir/packed_weight.h), which is never zero. Of equal weights the first leaves.
// Throws, and touches nothing: host::Error(Exit::usage) for a pattern that means nothing or does not fit a layer, for
// weights that are missing or not float, and for names that no layer has; Exit::model for weights that are no numbers.
std::vector<LayerZeros> sparsify(ir::Graph&, const Pattern&, const SparsifyOptions& = {});

}  // namespace dimple::edit
