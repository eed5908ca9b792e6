// The traits of a node's operator (ops/traits.h), whatever operator it is.
#pragma once
#include <span>

#include "ir/graph.h"
#include "ops/traits.h"

namespace dimple::ir {

std::vector<Shape> input_shapes(const Graph&, const Node&);
ops::Parameters parameters_of(const Graph&, const Node&);
std::vector<int64_t> extents_of(const ops::Dims&);

int input_count(const Op&);
int64_t multiply_adds(const Op&, std::span<const Shape> inputs, const Shape& output);

// Each output channel is a sum of products with weights of its own, plus its own bias; then the activation.
bool is_linear(const Op&);
// The nodes that are, in order.
std::vector<size_t> linear_layers(const Graph&);
// The same without an activation.
bool is_purely_linear(const Op&);
// It has forms of binary weights; of weights that are codes with a codebook.
bool is_binary(const Op&);
bool is_coded(const Op&);
// A constant that is added to an input channel comes out as a constant added to each output channel.
bool passes_constants(const Op&);
// Which input channels an output channel reads.
ops::ChannelRule channel_rule_of(const Op&);
// Each output is one of the inputs: a function that never falls may be applied before or behind it.
bool selects(const Op&);

// A positive factor on a channel of its input comes out as the same factor on that channel.
bool keeps_factors(const Op&);

// An activation and nothing else (relu, relu6).
bool is_activation(const Op&);
// What it applies as it writes, or is.
ops::Activation activation_of(const Op&);
// Where that can be set, and the window that slides; null for operators without one.
ops::Activation* activation_in(Op&);
ops::Window* window_of(Op&);
// How many channels it puts out, where that is an attribute of its own; else null: it follows from the inputs.
int32_t* out_channels_in(Op&);
const ops::Window* window_of(const Op&);

ops::Identity identity_of(const Op&);
ops::IntegerForm integer_form_of(const Op&);
// The type that it puts out when it reads this one.
DType dtype_written(const Op&, DType read);

}  // namespace dimple::ir
