#include "ir/semantics.h"

#include "ir/call_plan.h"
#include "ops/fixed_scale.h"

namespace dimple::ops {

ir::ParameterSpecs parameter_specs(const Dense& op, std::span<const Shape> in) {
  const int64_t fan_in = in[0].elements();
  return {{"weight", {op.units, fan_in}, ir::Init::fan_in, fan_in, fan_in * op.units},
          {"bias", {op.units}, ir::Init::zeros, 0, op.units}};
}

int64_t multiply_adds(const Dense& op, std::span<const Shape> in, const Shape&) { return op.units * in[0].elements(); }

void plan_scales(const Dense&, const ir::ScaleInputs& types, ir::CallPlan& plan) {
  for (const float weight_scale : types.weight_scale)
    plan.append(make_fixed_scale(double{types.in[0].scale} * weight_scale / types.out.scale));
}

}  // namespace dimple::ops
