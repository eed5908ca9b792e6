// What a graph asks for, counted, not measured. Multiply-adds count one multiply with its add; operators without
// multiplications count none.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "ir/graph.h"

namespace dimple::ir {

struct NodeCost {
  std::string node, op;
  Shape output;
  int64_t parameters = 0;
  int64_t multiply_adds = 0;
};

struct Cost {
  int64_t parameters = 0;    // what an optimiser moves; not biases that a batch norm takes away (ir/idle_bias.h)
  int64_t statistics = 0;    // what batch norms gather beside it
  int64_t weight_bytes = 0;  // weights, biases and statistics in the graph's own types; scales of weights apart
  int64_t multiply_adds = 0;
  int64_t peak_activation_bytes = 0;  // the most that is alive at once when nodes run in order and nothing overlaps
  std::vector<NodeCost> nodes;
};

Cost estimate_cost(const Graph&);

// What running asks for, as a bound on time: multiply-adds, and as many for each element that an operator without them
// looks at. Never overflows.
int64_t work_of(const Op&, std::span<const Shape> inputs, const Shape& output);
int64_t work_of(const Graph&);

}  // namespace dimple::ir
