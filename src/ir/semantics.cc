#include "ir/semantics.h"

#include <fmt/format.h>

#include <array>

#include "host/error.h"

namespace dimple::ir {
namespace {

constexpr std::array<std::string_view, ops::kOpCount> kNames = {
#define DIMPLE_X(Type, name) #name,
    DIMPLE_OPS(DIMPLE_X)
#undef DIMPLE_X
};

template <class T>
ParameterSpec weight_spec(const T& op, const ops::Dims& dims) {
  ParameterSpec spec{"weight", extents_of(dims)};
  spec.trainable = dims.elements() / dims.extent(ops::Axis::part);
  if constexpr (ops::is_linear<T>())
    spec.init = Init::fan_in, spec.fan_in = dims.per_channel();
  else
    spec.init = ops::initial_weight(op);
  return spec;
}

}  // namespace

std::string_view name_of(ops::OpCode code) { return kNames.at(static_cast<size_t>(code)); }
std::string_view name_of(const Op& op) { return kNames[op.index()]; }

ParameterSpecs parameter_specs(const Op& op, std::span<const Shape> inputs) {
  return std::visit(
      [&](const auto& o) {
        ParameterSpecs specs;
        const ops::Parameters p = ops::parameters_of(o, inputs.data());
        if constexpr (ops::kHasWeight<std::decay_t<decltype(o)>>) specs.push_back(weight_spec(o, p.weight));
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
