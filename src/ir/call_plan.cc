#include "ir/call_plan.h"

#include <algorithm>
#include <cmath>

#include "ir/traits.h"
#include "ops/fixed_scale.h"

namespace dimple::ir {
namespace {

// For each code of the input, lowest first, the nearest code of f's value on the output's scale; halves go upwards. In
// double, ahead of time.
template <class F>
std::vector<int8_t> make_code_table(const ScaleInputs& types, F f) {
  const ValueType &in = types.in[0], &out = types.out;
  std::vector<int8_t> table;
  for (int code = -128; code < 128; ++code) {
    const double real = f(double{in.scale} * (code - in.zero_point));
    const double nearest = std::floor(real / double{out.scale} + 0.5) + out.zero_point;
    table.push_back(static_cast<int8_t>(std::clamp(nearest, -128.0, 127.0)));
  }
  return table;
}

// A bias lies on the scale in.scale * weight_scale, and so does the sum.
void plan_linear_scales(const ScaleInputs& types, CallPlan& plan) {
  for (const float weight_scale : types.weight_scale)
    plan.append(ops::make_fixed_scale(double{types.in[0].scale} * weight_scale / types.out.scale));
}

template <class T>
void plan_integer_form(const T& op, const ScaleInputs& types, CallPlan& plan) {
  if constexpr (T::kInteger == ops::IntegerForm::table)
    plan.table = make_code_table(types, [&](double x) { return ops::value_at(op, x); });
  else if constexpr (ops::is_linear<T>())
    plan_linear_scales(types, plan);
  else if constexpr (T::kInteger == ops::IntegerForm::scales)
    ops::plan_scales(op, types, plan);
}

}  // namespace

DType kernel_dtype(const Graph& graph, const Node& node) {
  const bool integer = graph.type_of(node.inputs[0]).dtype == DType::s8 || node.type.dtype == DType::s8;
  return integer ? DType::s8 : DType::f32;
}

CallPlan plan_call(const Graph& graph, const Node& node) {
  CallPlan plan;
  std::vector<ValueType> in;
  for (const Value v : node.inputs) in.push_back(graph.type_of(v));
  ScaleInputs types{in, node.type, {}};
  if (const Tensor* scales = graph.constant(node.name, "weight_scale")) types.weight_scale = scales->as<float>();
  const bool codes_out = node.type.dtype == DType::s8;
  const ops::Activation activation = activation_of(node.op);
  plan.clamps =
      codes_out ? ops::clamps_of(activation, node.type.scale, node.type.zero_point) : ops::clamps_of(activation);
  if (codes_out && in[0].dtype == DType::s8)
    std::visit([&](const auto& op) { plan_integer_form(op, types, plan); }, node.op);
  return plan;
}

}  // namespace dimple::ir
