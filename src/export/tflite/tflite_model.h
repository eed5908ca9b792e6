// A graph as a TensorFlow Lite model, for those who run that: float, or integer with one scale per output channel.
//
// What is different there: a window has no padding of its own but "same" (what keeps the size, more of it behind than
// before) and "valid" (none), so that other paddings become a Pad of their own; a dense layer is a convolution, because
// theirs has one scale for all its units.
#pragma once
#include <cstdint>
#include <vector>

#include "ir/graph.h"

namespace dimple::exports {

// An optimised graph (compile/pipeline.h). One that ends in scores gets its probabilities; an integer one puts out a
// second tensor behind them: its last codes.
// Throws host::Error(Exit::model) for an operator that has no form there.
std::vector<uint8_t> write_tflite(const ir::Graph&);

}  // namespace dimple::exports
