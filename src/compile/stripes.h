// Which tensors of a program are there a few rows at a time (format/stripes.h): those in front of a convolution that make
// the arena larger than it need be.
#pragma once
#include <cstdint>
#include <functional>
#include <vector>

#include "ir/graph.h"

namespace dimple::compile {

// By value: how many of its rows are kept at a time; 0: all of them.
using KeptRows = std::vector<int32_t>;

// The fewest bytes of an arena for that choice.
using ArenaBytes = std::function<int64_t(const KeptRows&)>;

// As few tensors in stripes as give the smallest arena, each with as many rows as it can have for free: every turn costs
// a call of two kernels and moves the rows that windows share.
KeptRows choose_stripes(const ir::Graph&, const ArenaBytes&);

}  // namespace dimple::compile
