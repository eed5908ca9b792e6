#include "ir/semantics.h"

#include "ir/call_plan.h"
#include "ops/fixed_scale.h"

namespace dimple::ops {

ir::ParameterSpecs parameter_specs(const Prelu&, std::span<const Shape> in) {
  const int64_t channels = in[0].channels;
  return {{"weight", {channels}, ir::Init::quarter, 0, channels}};
}

int64_t multiply_adds(const Prelu&, std::span<const Shape>, const Shape&) { return 0; }

void plan_scales(const Prelu&, const ir::ScaleInputs& types, ir::CallPlan& plan) {
  const double above = double{types.in[0].scale} / types.out.scale;
  for (const float slope_scale : types.weight_scale) plan.append(make_fixed_scale(above * slope_scale));
  plan.append(make_fixed_scale(above));
}

}  // namespace dimple::ops
