#include "ir/call_plan.h"

#include <algorithm>
#include <cmath>

#include "ir/traits.h"
#include "ops/fixed_scale.h"

namespace dimple::ir {
namespace {

// For each code of the input, lowest first, the nearest code of f's value on the output's scale; halves go upwards. In
// double, ahead of time.
std::vector<int8_t> make_code_table(const ValueType& in, const ValueType& out, double (*f)(double)) {
  std::vector<int8_t> table;
  for (int code = -128; code < 128; ++code) {
    const double real = f(double{in.scale} * (code - in.zero_point));
    const double nearest = std::floor(real / double{out.scale} + 0.5) + out.zero_point;
    table.push_back(static_cast<int8_t>(std::clamp(nearest, -128.0, 127.0)));
  }
  return table;
}

// A bias lies on the scale in.scale * weight_scale, and so does the sum.
void plan_linear_scales(const ops::RealScales& scales, CallPlan& plan) {
  for (const float weight_scale : scales.weight)
    plan.append(ops::make_fixed_scale(double{scales.in[0]} * weight_scale / scales.out));
}

template <class T>
void plan_integer_form(const T& op, const Graph& graph, const Node& node, CallPlan& plan) {
  if constexpr (T::kInteger == ops::IntegerForm::table) {
    plan.table = make_code_table(graph.type_of(node.inputs[0]), node.type, T::value_at);
  } else if constexpr (T::kInteger == ops::IntegerForm::scales) {
    std::vector<float> in;
    for (const Value v : node.inputs) in.push_back(graph.type_of(v).scale);
    ops::RealScales scales{{in.data(), in.size()}, node.type.scale, {}};
    if (const Tensor* t = graph.constant(node.name, "weight_scale"))
      scales.weight = {t->as<float>().data(), t->as<float>().size()};
    if constexpr (ops::is_linear<T>())
      plan_linear_scales(scales, plan);
    else
      op.plan_scales(input_shapes(graph, node).data(), scales, [&](const FixedScale& s) { plan.append(s); });
  }
}

}  // namespace

Types types_of(const Graph& graph, const Node& node) {
  const DType in = graph.type_of(node.inputs[0]).dtype;
  const Tensor* weight = graph.constant(node.name, "weight");
  return {in, weight ? weight->dtype : in, node.type.dtype};
}

CallPlan plan_call(const Graph& graph, const Node& node) {
  CallPlan plan;
  const bool codes_out = node.type.dtype == DType::s8;
  const ops::Activation activation = activation_of(node.op);
  plan.clamps =
      codes_out ? ops::clamps_of(activation, node.type.scale, node.type.zero_point) : ops::clamps_of(activation);
  if (codes_out && graph.type_of(node.inputs[0]).dtype != DType::f32)
    std::visit([&](const auto& op) { plan_integer_form(op, graph, node, plan); }, node.op);
  return plan;
}

}  // namespace dimple::ir
