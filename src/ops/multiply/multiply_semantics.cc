#include "ir/semantics.h"

#include "ir/call_plan.h"
#include "ops/fixed_scale.h"

namespace dimple::ops {

ir::ParameterSpecs parameter_specs(const Multiply&, std::span<const Shape>) { return {}; }

int64_t multiply_adds(const Multiply&, std::span<const Shape>, const Shape& out) { return out.elements(); }

void plan_scales(const Multiply&, const ir::ScaleInputs& types, ir::CallPlan& plan) {
  plan.append(make_fixed_scale(double{types.in[0].scale} * types.in[1].scale / types.out.scale));
}

}  // namespace dimple::ops
