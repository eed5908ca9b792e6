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
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compile/calibrate.h"
#include "compile/range.h"
#include "ir/graph.h"

namespace dimple::compile {

struct QuantiseReport {
  std::string_view step;
  double milliseconds = 0;
  int changes = 0;  // pairs, values or nodes that it dealt with
};

struct QuantiseOptions {
  // Names of steps of quantise_choices(): of each group one, or its first where none is named.
  std::vector<std::string> steps = {"mse", "weights-mse", "correct-biases"};
  std::vector<std::string> without = {};  // of `steps`
  // Names of nodes that stay float, between a dequantise and a quantise. The codes of all else stay what they are.
  std::vector<std::string> keep_float = {};
  double clipped_share = 1e-4;  // of the step percentile
  int threads = 2;
  std::function<void(const QuantiseReport&)> on_step = {};  // called after each
};

// What can be chosen, in the order in which it runs.
struct QuantiseChoice {
  std::string_view name, group;  // of a group one runs; of no group ("") each that is named
  std::string_view what;
};
std::vector<QuantiseChoice> quantise_choices();

// Throws host::Error(Exit::usage) for a name that is no step, and for two of one group.
void check_steps(const QuantiseOptions&);

struct Quantised {
  ir::Graph real;     // optimised, up to the scores, as the integer one was made from it
  ir::Graph integer;  // the same nodes, and what makes probabilities of scores; nothing is kept in float
  ir::Graph graph;    // with what is kept in float
};

// The graph is optimised first. Where all values have codes, no pictures are needed, only their scale. Throws
// host::Error(Exit::model) for a graph with a float-only operator before its end, sums that could leave 32 bits or codes
// that contradict each other, host::Error(Exit::input) for calibration pictures that do not fit, host::Error(Exit::usage)
// for steps and layers that there are not.
Quantised quantise_both(const ir::Graph&, const CalibrationSet&, const QuantiseOptions& = {});
ir::Graph quantise(const ir::Graph&, const CalibrationSet&, const QuantiseOptions& = {});

}  // namespace dimple::compile
