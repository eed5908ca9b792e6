#include "ir/semantics.h"

#include "ir/call_plan.h"
#include "ops/fixed_scale.h"

namespace dimple::ops {

ir::ParameterSpecs parameter_specs(const DepthwiseConv2d& op, std::span<const Shape> in) {
  const int64_t fan_in = int64_t{op.window.kernel_h} * op.window.kernel_w, channels = in[0].channels;
  return {{"weight", {op.window.kernel_h, op.window.kernel_w, channels}, ir::Init::fan_in, fan_in, fan_in * channels},
          {"bias", {channels}, ir::Init::zeros, 0, channels}};
}

int64_t multiply_adds(const DepthwiseConv2d& op, std::span<const Shape>, const Shape& out) {
  return out.elements() * op.window.kernel_h * op.window.kernel_w;
}

void plan_scales(const DepthwiseConv2d&, const ir::ScaleInputs& types, ir::CallPlan& plan) {
  for (const float weight_scale : types.weight_scale)
    plan.append(make_fixed_scale(double{types.in[0].scale} * weight_scale / types.out.scale));
}

}  // namespace dimple::ops
