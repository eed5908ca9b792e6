#include "ir/semantics.h"

#include "ir/call_plan.h"
#include "ops/fixed_scale.h"

namespace dimple::ops {

ir::ParameterSpecs parameter_specs(const Conv2d& op, std::span<const Shape> in) {
  const int64_t fan_in = int64_t{op.window.kernel_h} * op.window.kernel_w * in[0].channels;
  return {{"weight",
           {op.out_channels, op.window.kernel_h, op.window.kernel_w, in[0].channels},
           ir::Init::fan_in,
           fan_in,
           fan_in * op.out_channels},
          {"bias", {op.out_channels}, ir::Init::zeros, 0, op.out_channels}};
}

int64_t multiply_adds(const Conv2d& op, std::span<const Shape> in, const Shape& out) {
  return out.elements() * op.window.kernel_h * op.window.kernel_w * in[0].channels;
}

void plan_scales(const Conv2d&, const ir::ScaleInputs& types, ir::CallPlan& plan) {
  for (const float weight_scale : types.weight_scale)
    plan.append(make_fixed_scale(double{types.in[0].scale} * weight_scale / types.out.scale));
}

}  // namespace dimple::ops
