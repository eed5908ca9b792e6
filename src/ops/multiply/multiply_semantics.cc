#include "ir/call_plan.h"
#include "ops/fixed_scale.h"

namespace dimple::ops {

void plan_scales(const Multiply&, const ir::ScaleInputs& types, ir::CallPlan& plan) {
  plan.append(make_fixed_scale(double{types.in[0].scale} * types.in[1].scale / types.out.scale));
}

}  // namespace dimple::ops
