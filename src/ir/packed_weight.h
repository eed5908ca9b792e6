// Weights in fewer bits than a number each. A float graph may hold them beside others, and trains, evaluates and prints
// like any other; in an integer graph the program holds them as they are. The weight of output channel c is
//
//   b1           weight_scale[c] * (+1 or -1)
//   c4, c5, u8   weight_scale[c] * codebook[c * groups / channels][code]; the codebook is f32 [groups][entries], in an
//                integer graph s8
//   f32          with a weight_scale: weight_scale[c] * (+1 or -1), by its own sign. It is what training moves, and
//                becomes b1 when training is over
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "ir/graph.h"

namespace dimple::ir {

// Bits, or codes with a codebook.
bool is_packed(const Tensor& weight);
// By its sign alone.
bool is_latent_sign(const Graph&, const Node&);
// It works in floats, and its weight is one of these.
bool has_float_form(const Graph&, const Node&);

// Number i of b1 (0 or 1), c4, c5 or u8.
std::vector<uint8_t> unpack_codes(const Tensor&);
Tensor pack_codes(DType, std::vector<int64_t> dims, std::span<const uint8_t> codes);

// Output channels that share a codebook; 0 where there is none.
int32_t codebook_channels(const Graph&, const Node&);

// The weight of a node that works in floats, in floats.
Tensor float_weight(const Graph&, const Node&);
// Every such weight in floats; codebooks and scales leave.
Graph with_float_weights(Graph);

// Codes as the entries of their codebook, which is s8.
Tensor looked_up(const Tensor& codes, const Tensor& codebook, const ops::Dims&);
// Every weight that meets codes in s8, also where it was bits or codes; codebooks leave.
Graph with_s8_weights(Graph);

// The scale that signs have where none is learned: mean |w| of each output channel, never zero.
Tensor mean_sizes(const Tensor& weight, const ops::Dims&);

// Latent signs as bits, where the node can: all else stays.
Graph with_packed_signs(Graph);

}  // namespace dimple::ir
