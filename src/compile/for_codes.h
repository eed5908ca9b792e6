// Between a float graph and an integer one, in both directions.
#pragma once
#include "compile/calibrate.h"
#include "ir/graph.h"

namespace dimple::compile {

// As the integer graph will be, but for its numbers: optimised, without a softmax at its end.
ir::Graph folded(ir::Graph);

// The folded graph, every value of which is to be trained for the codes that quantise() would choose (ir::ValueType).
ir::Graph for_codes(const ir::Graph&, const CalibrationSet&);

// The float graph that an integer one stands for, in the same codes: weights of few bits stay so, others become floats.
// What quantise() makes of it is the integer graph again. Throws host::Error(Exit::model) for a graph that is not integer.
ir::Graph to_float(const ir::Graph& integer);

}  // namespace dimple::compile
