#include "ir/traits.h"

namespace dimple::ir {
namespace {

template <class WindowOrConst, class OpOrConst>
WindowOrConst* find_window(OpOrConst& op) {
  return std::visit(
      [](auto& o) -> WindowOrConst* {
        if constexpr (requires { o.window; })
          return &o.window;
        else
          return nullptr;
      },
      op);
}

}  // namespace

int input_count(const Op& op) {
  return std::visit([](const auto& o) { return ops::input_count(o); }, op);
}

int64_t multiply_adds(const Op& op, std::span<const Shape> inputs, const Shape& output) {
  return std::visit([&](const auto& o) { return ops::multiply_adds(o, inputs.data(), output); }, op);
}

std::vector<Shape> input_shapes(const Graph& graph, const Node& node) {
  std::vector<Shape> shapes;
  for (const Value v : node.inputs) shapes.push_back(graph.type_of(v).shape);
  return shapes;
}

ops::Parameters parameters_of(const Graph& graph, const Node& node) {
  const std::vector<Shape> inputs = input_shapes(graph, node);
  return std::visit([&](const auto& o) { return ops::parameters_of(o, inputs.data()); }, node.op);
}

std::vector<int64_t> extents_of(const ops::Dims& dims) {
  std::vector<int64_t> extents;
  for (int i = 0; i < dims.rank(); ++i) extents.push_back(dims[i].extent);
  return extents;
}

bool is_linear(const Op& op) {
  return std::visit([]<class T>(const T&) { return ops::is_linear<T>(); }, op);
}

std::vector<size_t> linear_layers(const Graph& graph) {
  std::vector<size_t> found;
  for (size_t i = 0; i < graph.nodes.size(); ++i)
    if (is_linear(graph.nodes[i].op)) found.push_back(i);
  return found;
}

bool is_binary(const Op& op) {
  return std::visit([]<class T>(const T&) { return ops::is_binary<T>(); }, op);
}

bool is_coded(const Op& op) {
  return std::visit([]<class T>(const T&) { return ops::is_coded<T>(); }, op);
}

bool is_purely_linear(const Op& op) { return is_linear(op) && activation_of(op) == ops::Activation::none; }

bool passes_constants(const Op& op) {
  return std::visit([](const auto& o) { return ops::passes_constants(o); }, op);
}

ops::ChannelRule channel_rule_of(const Op& op) {
  return std::visit([]<class T>(const T&) { return ops::channel_rule<T>(); }, op);
}

bool selects(const Op& op) {
  return std::visit(
      []<class T>(const T&) {
        return requires { T::kSelects; };
      },
      op);
}

bool keeps_factors(const Op& op) {
  return std::visit(
      []<class T>(const T&) {
        return requires { T::kKeepsFactors; };
      },
      op);
}

bool is_activation(const Op& op) {
  return std::visit(
      []<class T>(const T&) {
        return requires { T::kActivation; };
      },
      op);
}

ops::Activation activation_of(const Op& op) {
  return std::visit([](const auto& o) { return ops::activation_of(o); }, op);
}

ops::Activation* activation_in(Op& op) {
  return std::visit(
      [](auto& o) -> ops::Activation* {
        if constexpr (requires { o.activation; })
          return &o.activation;
        else
          return nullptr;
      },
      op);
}

int32_t* out_channels_in(Op& op) {
  return std::visit(
      [](auto& o) -> int32_t* {
        if constexpr (requires { o.out_channels; })
          return &o.out_channels;
        else if constexpr (requires { o.units; })
          return &o.units;
        else
          return nullptr;
      },
      op);
}

ops::Window* window_of(Op& op) { return find_window<ops::Window>(op); }
const ops::Window* window_of(const Op& op) { return find_window<const ops::Window>(op); }

ops::Identity identity_of(const Op& op) {
  return std::visit([](const auto& o) { return ops::identity_of(o); }, op);
}

ops::IntegerForm integer_form_of(const Op& op) {
  return std::visit([]<class T>(const T&) { return T::kInteger; }, op);
}

DType dtype_written(const Op& op, DType read) {
  return std::visit([&]<class T>(const T&) { return ops::dtype_written<T>(read); }, op);
}

}  // namespace dimple::ir
