#include "ir/call_plan.h"
#include "ops/fixed_scale.h"

namespace dimple::ops {

void plan_scales(const GlobalAveragePool&, const ir::ScaleInputs& types, ir::CallPlan& plan) {
  const Shape& in = types.in[0].shape;
  plan.append(make_fixed_scale(double{types.in[0].scale} / types.out.scale / in.height / in.width));
}

}  // namespace dimple::ops
