// What a kernel needs beside pointers and shapes, worked out ahead of time: fixed-point scales, tables and clamps. The
// evaluator and the lowering both take it from here, so that they cannot differ.
#pragma once
#include <span>
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

struct ScaleInputs {
  std::span<const ValueType> in;
  ValueType out;
  std::span<const float> weight_scale;  // one per output channel, for operators with weights
};

// Both are of a verified graph and a node of its own. The integer kernel runs where either side is integer.
DType kernel_dtype(const Graph&, const Node&);
CallPlan plan_call(const Graph&, const Node&);

}  // namespace dimple::ir

namespace dimple::ops {

// Of the integer form, in an operator's *_semantics.cc: its fixed-point scales where its header says
// IntegerForm::scales (those of linear operators are known without it), the function behind its table where it says
// IntegerForm::table. A missing one does not link.
#define DIMPLE_X(Type, name)                                            \
  void plan_scales(const Type&, const ir::ScaleInputs&, ir::CallPlan&); \
  double value_at(const Type&, double x);
DIMPLE_OPS(DIMPLE_X)
#undef DIMPLE_X

}  // namespace dimple::ops
