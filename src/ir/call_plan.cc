#include "ir/call_plan.h"

#include "ops/activation.h"

namespace dimple::ir {

CallPlan plan_call(const Graph& graph, const Node& node) {
  CallPlan plan;
  std::vector<ValueType> in;
  for (const Value v : node.inputs) in.push_back(graph.type_of(v));
  ScaleInputs inputs{in, node.type, {}};
  if (const Tensor* scales = graph.constant(node.name, "weight_scale")) inputs.weight_scale = scales->as<float>();
  std::visit(
      [&](const auto& op) {
        const ops::Activation activation = ops::activation_of(op);
        const ops::ClampFloats floats = ops::clamp_floats(activation);
        plan.clamp_low_f32 = floats.low, plan.clamp_high_f32 = floats.high;
        if (node.type.dtype == DType::s8) {
          const ops::ClampCodes codes = ops::clamp_codes(activation, node.type.scale, node.type.zero_point);
          plan.clamp_low = codes.low, plan.clamp_high = codes.high;
        }
        if (in[0].dtype == DType::s8 && node.type.dtype == DType::s8) ops::plan_scales(op, inputs, plan);
      },
      node.op);
  return plan;
}

}  // namespace dimple::ir
