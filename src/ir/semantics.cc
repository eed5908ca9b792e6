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

}  // namespace

std::string_view name_of(ops::OpCode code) { return kNames.at(static_cast<size_t>(code)); }
std::string_view name_of(const Op& op) { return kNames[op.index()]; }

ParameterSpecs parameter_specs(const Op& op, std::span<const Shape> inputs) {
  return std::visit([&](const auto& o) { return ops::parameter_specs(o, inputs); }, op);
}

int64_t multiply_adds(const Op& op, std::span<const Shape> inputs, const Shape& output) {
  return std::visit([&](const auto& o) { return ops::multiply_adds(o, inputs, output); }, op);
}

int input_count(const Op& op) {
  return std::visit([](const auto& o) { return ops::input_count(o); }, op);
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

std::vector<Shape> input_shapes(const Graph& graph, const Node& node) {
  std::vector<Shape> shapes;
  for (const Value v : node.inputs) shapes.push_back(graph.type_of(v).shape);
  return shapes;
}

}  // namespace dimple::ir
