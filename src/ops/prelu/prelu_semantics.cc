#include "ir/call_plan.h"
#include "ir/semantics.h"
#include "ops/fixed_scale.h"

namespace dimple::ops {

ir::Init initial_weight(const Prelu&) { return ir::Init::quarter; }

void plan_scales(const Prelu&, const ir::ScaleInputs& types, ir::CallPlan& plan) {
  const double above = double{types.in[0].scale} / types.out.scale;
  for (const float slope_scale : types.weight_scale) plan.append(make_fixed_scale(above * slope_scale));
  plan.append(make_fixed_scale(above));
}

}  // namespace dimple::ops
