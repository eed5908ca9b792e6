#include "ir/call_plan.h"
#include "ops/fixed_scale.h"

namespace dimple::ops {

void plan_scales(const ChannelMean&, const ir::ScaleInputs& types, ir::CallPlan& plan) {
  const ir::ValueType& in = types.in[0];
  plan.append(make_fixed_scale(double{in.scale} / types.out.scale / in.shape.channels));
}

}  // namespace dimple::ops
