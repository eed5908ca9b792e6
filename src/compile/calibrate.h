// What the values of a float graph look like on real pictures.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "compile/range.h"
#include "ir/graph.h"

namespace dimple::compile {

// Pictures as the device will see them: s8 codes straight from the integer preprocessing, one behind the other.
struct CalibrationSet {
  std::span<const int8_t> codes;
  float scale = 1.0f / 128;  // real = code * scale
};

// How many pictures of this graph's input they are. Throws host::Error(Exit::input) when the codes are no whole number
// of pictures, or none.
size_t count_pictures(const ir::Graph&, const CalibrationSet&);
// One of them as the float graph reads it.
ir::Tensor real_picture(const ir::Graph&, const CalibrationSet&, size_t picture);

struct ValueStatistics {
  Histogram histogram;
  std::vector<double> mean;  // of each element over the pictures
};

// One entry per value of the graph, the input first. The result does not depend on the number of threads. Throws
// like count_pictures.
std::vector<ValueStatistics> calibrate(const ir::Graph&, const CalibrationSet&, int threads = 2);

}  // namespace dimple::compile
