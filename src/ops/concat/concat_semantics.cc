#include "ir/call_plan.h"
#include "ops/fixed_scale.h"

namespace dimple::ops {

void plan_scales(const Concat&, const ir::ScaleInputs& types, ir::CallPlan& plan) {
  for (const ir::ValueType& in : types.in) plan.append(make_fixed_scale(double{in.scale} / types.out.scale));
}

}  // namespace dimple::ops
