// A bias that only batch norms hear: a norm subtracts the mean, and any constant with it. Such a bias is neither
// learned nor counted (other frameworks leave it out); it stays what it is, zero as initialised, until a norm is folded
// into it.
#pragma once
#include <vector>

#include "ir/graph.h"

namespace dimple::ir {

// Per node: whether it is a linear one, and a constant added to its channels changes nothing that the graph puts out
// while it is trained. Constants are followed through pools, concatenations and convolutions without padding.
std::vector<bool> idle_biases(const Graph&);

}  // namespace dimple::ir
