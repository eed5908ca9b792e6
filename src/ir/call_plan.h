// What a kernel needs beside pointers and shapes, worked out ahead of time: fixed-point scales, tables and clamps. The
// evaluator and the lowering both take it from here, so that they cannot differ.
#pragma once
#include <vector>

#include "base/fixed_point.h"
#include "ir/graph.h"
#include "ops/activation.h"

namespace dimple::ir {

struct CallPlan {
  std::vector<int32_t> multiplier, shift;
  std::vector<int8_t> table;  // in the weight's place (ops/look_up.h)
  ops::Clamps clamps;

  void append(const FixedScale& s) {
    multiplier.push_back(s.multiplier);
    shift.push_back(s.shift);
  }
};

// Both are of a verified graph and a node of its own. The integer kernel runs where either side is integer.
Types types_of(const Graph&, const Node&);
CallPlan plan_call(const Graph&, const Node&);

}  // namespace dimple::ir
