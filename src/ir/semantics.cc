#include "ir/semantics.h"

#include <fmt/format.h>

#include <array>
#include <type_traits>

#include "host/error.h"

namespace dimple::ir {
namespace {

// Runs f on the operator's own struct; the place-holder alternative never gets past the verifier.
template <class R, class F>
R with_op(const Op& op, F&& f) {
  return std::visit(
      [&](const auto& o) -> R {
        if constexpr (std::is_same_v<std::decay_t<decltype(o)>, std::monostate>)
          throw host::Error(host::Exit::model, "the graph holds a node without an operator");
        else
          return f(o);
      },
      op);
}

constexpr std::array<std::string_view, ops::kOpCount> kNames = {
#define DIMPLE_X(Type, name) #name,
    DIMPLE_OPS(DIMPLE_X)
#undef DIMPLE_X
};

}  // namespace

std::string_view name_of(ops::OpCode code) { return kNames.at(static_cast<size_t>(code)); }
std::string_view name_of(const Op& op) { return op.index() < kNames.size() ? kNames[op.index()] : "nothing"; }

ParameterSpecs parameter_specs(const Op& op, std::span<const Shape> inputs) {
  return with_op<ParameterSpecs>(op, [&](const auto& o) { return ops::parameter_specs(o, inputs); });
}

int64_t multiply_adds(const Op& op, std::span<const Shape> inputs, const Shape& output) {
  return with_op<int64_t>(op, [&](const auto& o) { return ops::multiply_adds(o, inputs, output); });
}

int input_count(const Op& op) {
  return with_op<int>(op, [](const auto& o) { return ops::input_count(o); });
}

Shape infer_shape(const Op& op, std::span<const Shape> inputs, std::string_view node_name) {
  Shape out;
  const bool fits = inputs.size() == static_cast<size_t>(input_count(op)) &&
                    with_op<bool>(op, [&](const auto& o) { return o.shape(inputs.data(), out); }) && ops::sane(out);
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
