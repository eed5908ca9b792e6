#include "ir/call_plan.h"
#include "ops/add/add_scales.h"

namespace dimple::ops {

void plan_scales(const Add&, const ir::ScaleInputs& types, ir::CallPlan& plan) {
  const AddScales scales = make_add_scales(types.in[0].scale, types.in[1].scale, types.out.scale);
  for (int i = 0; i < 2; ++i) plan.append({scales.multiplier[i], scales.shift[i]});
}

}  // namespace dimple::ops
