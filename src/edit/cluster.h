// Weights that share few values: codes into a codebook (ir/packed_weight.h).
#pragma once
#include <string>
#include <vector>

#include "ir/graph.h"

namespace dimple::edit {

struct ClusterOptions {
  int entries = 16;                     // 16, 32 or 256
  int groups = 1;                       // of output channels, each with a codebook of its own
  std::vector<std::string> leave = {};  // layers that stay as they are
};

struct ClusteredLayer {
  std::string node;
  int64_t weights = 0;
  double error = 0;  // mean squared, relative to the mean square of the weights

  bool operator==(const ClusteredLayer&) const = default;
};

// Every layer whose operator knows codes and that has at least eight weights for each entry of its codebooks. Channels are
// first brought to the same size by a scale for each, so that all can share the entries; those are found by k-means,
// from several beginnings. Where weights are zero, zero is an entry, and they keep it.
//
// Throws, and touches nothing: host::Error(Exit::usage) for numbers of entries or groups that cannot be, for names that no
// layer has, and where no layer is left; Exit::model for weights that are no numbers. A layer with a batch norm behind it
// is refused (Exit::usage): the norm would give each channel another scale, of any sign.
std::vector<ClusteredLayer> cluster(ir::Graph&, const ClusterOptions& = {});

// The `count` values that are nearest to these in the sum of squares, in order; fewer where there are fewer values.
std::vector<float> find_centroids(std::vector<float> values, int count);

}  // namespace dimple::edit
