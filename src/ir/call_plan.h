// What a kernel needs beside pointers and shapes, worked out ahead of time: fixed-point scales, tables and clamps. The
// evaluator and the lowering both take it from here, so that they cannot differ.
#pragma once
#include <span>
#include <vector>

#include "base/fixed_point.h"
#include "ir/graph.h"

namespace dimple::ir {

struct CallPlan {
  std::vector<int32_t> multiplier, shift;
  std::vector<int8_t> table;  // in the weight's place (ops/look_up.h)
  int32_t clamp_low = -128, clamp_high = 127;
  float clamp_low_f32 = 0, clamp_high_f32 = 0;

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

// The verified graph's node must be one of its own.
CallPlan plan_call(const Graph&, const Node&);

}  // namespace dimple::ir

namespace dimple::ops {

// The fixed-point scales, or the table, of the integer form. Operators that have some define an overload in their
// *_semantics.cc.
void plan_scales(const Conv2d&, const ir::ScaleInputs&, ir::CallPlan&);
void plan_scales(const DepthwiseConv2d&, const ir::ScaleInputs&, ir::CallPlan&);
void plan_scales(const Dense&, const ir::ScaleInputs&, ir::CallPlan&);
void plan_scales(const Add&, const ir::ScaleInputs&, ir::CallPlan&);
void plan_scales(const GlobalAveragePool&, const ir::ScaleInputs&, ir::CallPlan&);
void plan_scales(const HardSwish&, const ir::ScaleInputs&, ir::CallPlan&);
void plan_scales(const HardSigmoid&, const ir::ScaleInputs&, ir::CallPlan&);
void plan_scales(const Sigmoid&, const ir::ScaleInputs&, ir::CallPlan&);
void plan_scales(const Swish&, const ir::ScaleInputs&, ir::CallPlan&);
void plan_scales(const Prelu&, const ir::ScaleInputs&, ir::CallPlan&);
void plan_scales(const Multiply&, const ir::ScaleInputs&, ir::CallPlan&);
void plan_scales(const Concat&, const ir::ScaleInputs&, ir::CallPlan&);
void plan_scales(const ChannelMean&, const ir::ScaleInputs&, ir::CallPlan&);
template <class Other>
void plan_scales(const Other&, const ir::ScaleInputs&, ir::CallPlan&) {}

}  // namespace dimple::ops
