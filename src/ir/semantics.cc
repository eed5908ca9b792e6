#include "ir/semantics.h"

#include <fmt/format.h>

#include "host/error.h"

namespace dimple::ir {
namespace {

template <class T>
ParameterSpec weight_spec(const ops::Dims& dims) {
  ParameterSpec spec{"weight", extents_of(dims)};
  spec.trainable = dims.elements() / dims.extent(ops::Axis::part);
  spec.init = ops::initial_weight<T>();
  if (spec.init == Init::fan_in) spec.fan_in = dims.per_channel();
  return spec;
}

}  // namespace

std::string_view name_of(ops::OpCode code) {
  return ops::with_operator(code, [](auto op) -> std::string_view { return op.kName; });
}
std::string_view name_of(const Op& op) {
  return std::visit([](const auto& o) -> std::string_view { return o.kName; }, op);
}

ParameterSpecs parameter_specs(const Op& op, std::span<const Shape> inputs) {
  return std::visit(
      [&](const auto& o) {
        ParameterSpecs specs;
        const ops::Parameters p = ops::parameters_of(o, inputs.data());
        using T = std::decay_t<decltype(o)>;
        if constexpr (ops::has_weight<T>()) specs.push_back(weight_spec<T>(p.weight));
        if (p.bias > 0) specs.push_back({"bias", {p.bias}, Init::zeros, 0, p.bias});
        return specs;
      },
      op);
}

Shape infer_shape(const Op& op, std::span<const Shape> inputs, std::string_view node_name) {
  Shape out;
  const bool fits = inputs.size() == static_cast<size_t>(input_count(op)) &&
                    std::visit([&](const auto& o) { return o.shape(inputs.data(), out); }, op) && ops::sane(out);
  if (fits) return out;
  std::string given;
  for (const Shape& s : inputs)
    given += fmt::format("{}[{},{},{}]", given.empty() ? "" : ", ", s.height, s.width, s.channels);
  throw host::Error(host::Exit::model, fmt::format("node {}: {} cannot take {}", node_name, name_of(op), given));
}

}  // namespace dimple::ir
