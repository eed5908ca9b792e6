// A float graph as an integer one: s8 values, s8 weights, s32 biases. What is trained stays what is shipped: the same
// nodes, the same names, other number formats.
//
//   values   asymmetric, one scale and zero point for the whole value; real = scale * (code - zero_point). relu outputs
//            use all of -128 .. 127. Operators that only choose or average (relu, pools, pad, flatten) keep their
//            input's.
//   weights  symmetric, -127 .. 127, one scale per output channel
//   biases   s32 at in_scale * weight_scale
//   input    scale as given (the preprocessing's codes), zero point 0
//   end      scores are dequantised, softmax runs in float: the graph puts out probabilities
//
// A value that was trained for given codes (ir::ValueType) keeps them, and the weights and bias behind it are rounded as
// its training rounded them: by their extremes, with no correction.
#pragma once
#include "compile/calibrate.h"
#include "compile/range.h"
#include "ir/graph.h"

namespace dimple::compile {

struct QuantiseOptions {
  RangeRule values = RangeRule::least_error;
  RangeRule weights = RangeRule::least_error;
  double clipped_share = 1e-4;  // RangeRule::percentile only
  bool correct_biases = true;   // take out the shift of each channel's mean that rounding the weights causes
  int threads = 2;
};

// The graph is optimised first. Where all values have codes, no pictures are needed, only their scale. Throws
// host::Error(Exit::model) for a graph with a float-only operator before its end, sums that could leave 32 bits or codes
// that contradict each other, host::Error(Exit::input) for calibration pictures that do not fit.
ir::Graph quantise(const ir::Graph&, const CalibrationSet&, const QuantiseOptions& = {});

}  // namespace dimple::compile
