// What int8 costs layer by layer: each linear layer is rounded alone, with its weights, its bias and the codes of its
// output, while all else computes in floats.
#pragma once
#include <string>
#include <vector>

#include "compile/quantise.h"

namespace dimple::compile {

// The float graph in which only this node is rounded. It ends in probabilities.
ir::Graph round_one_layer(const Quantised&, size_t node);

inline constexpr double kNoNoise = 150;  // dB: a layer that loses nothing, or less than floats resolve

struct LayerNoise {
  size_t node = 0;  // of Quantised::real
  double snr_db = kNoNoise;
};

// 10 log10 (sum of squares / sum of squared differences) of the layer's output over the pictures, from the inputs that
// it has in floats. The result does not depend on the number of threads.
std::vector<LayerNoise> measure_layer_noise(const Quantised&, const CalibrationSet&, int threads = 2);

}  // namespace dimple::compile
