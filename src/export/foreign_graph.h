// What writers of foreign formats ask of a graph.
#pragma once
#include "ir/graph.h"

namespace dimple::exports {

// The last integer value before the floats at the end of an integer graph; the input where there is none.
ir::Value last_codes(const ir::Graph&);

// Weights of few bits as the floats or the s8 that they stand for: other formats lack them.
ir::Graph plain_weights(const ir::Graph&);

// Throws host::Error(Exit::model) for values that are neither f32 nor s8, and for sign, which makes +1 of 0.
void check_types(const ir::Graph&);

}  // namespace dimple::exports
