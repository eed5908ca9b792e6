#include "edit/surgery.h"

#include <algorithm>
#include <cassert>

#include "ir/semantics.h"

namespace dimple::edit {
namespace {

// The constants "<node>.<role>" of one node; a node "a" must not catch those of a node "a.b".
std::vector<std::string> constants_of(const ir::Graph& graph, std::string_view node) {
  std::vector<std::string> keys;
  for (const auto& [key, tensor] : graph.constants)
    if (key.rfind('.') == node.size() && key.starts_with(node)) keys.push_back(key);
  return keys;
}

}  // namespace

std::vector<size_t> readers_of(const ir::Graph& graph, ir::Value value) {
  std::vector<size_t> found;
  for (size_t i = 0; i < graph.nodes.size(); ++i)
    for (const ir::Value v : graph.nodes[i].inputs)
      if (v == value) found.push_back(i);
  return found;
}

bool has_one_reader(const ir::Graph& graph, ir::Value value) {
  return value != graph.output() && readers_of(graph, value).size() == 1;
}

void replace_uses(ir::Graph& graph, ir::Value from, ir::Value to) {
  for (size_t i = 0; i < graph.nodes.size(); ++i)
    for (ir::Value& v : graph.nodes[i].inputs)
      if (v == from) {
        assert(static_cast<size_t>(to) <= i);
        v = to;
      }
}

void remove_node(ir::Graph& graph, size_t node) {
  assert(node < graph.nodes.size() && graph.nodes.size() > 1);
  const ir::Value gone = static_cast<ir::Value>(node + 1);
  // The output is always the last value, so the last node can only leave if what takes over is the one before it.
  assert(gone != graph.output() || graph.nodes[node].inputs.at(0) == gone - 1);
  replace_uses(graph, gone, graph.nodes[node].inputs.at(0));
  for (const std::string& key : constants_of(graph, graph.nodes[node].name)) graph.constants.erase(key);
  graph.nodes.erase(graph.nodes.begin() + static_cast<std::ptrdiff_t>(node));
  for (ir::Node& later : graph.nodes)
    for (ir::Value& v : later.inputs)
      if (v > gone) --v;
}

ir::Value insert_after(ir::Graph& graph, ir::Value after, ir::Node node) {
  for (ir::Node& other : graph.nodes)
    for (ir::Value& v : other.inputs)
      if (v >= after) ++v;  // readers of `after` now name the new node, which gets the number behind it
  node.inputs.assign(static_cast<size_t>(ir::input_count(node.op)), after);
  graph.nodes.insert(graph.nodes.begin() + after, std::move(node));
  return after + 1;
}

ir::Value insert_before(ir::Graph& graph, size_t before, ir::Node node) {
  const auto value = static_cast<ir::Value>(before + 1);  // the new one's number
  node.inputs = {graph.nodes[before].inputs.at(0)};
  for (ir::Node& other : graph.nodes)
    for (ir::Value& v : other.inputs)
      if (v >= value) ++v;
  graph.nodes.insert(graph.nodes.begin() + static_cast<std::ptrdiff_t>(before), std::move(node));
  graph.nodes[before + 1].inputs[0] = value;
  return value;
}

void add_batch_norms(ir::Graph& graph) {
  const auto wants_one = [&](size_t i) {
    const ir::Op& op = graph.nodes[i].op;
    if (!ir::is_purely_linear(op) || !ir::window_of(op)) return false;
    const ops::Shape& shape = graph.nodes[i].type.shape;
    if (static_cast<ir::Value>(i + 1) == graph.output() || (shape.height == 1 && shape.width == 1)) return false;
    const auto readers = readers_of(graph, static_cast<ir::Value>(i + 1));
    return std::ranges::none_of(readers,
                                [&](size_t r) { return std::holds_alternative<ops::BatchNorm>(graph.nodes[r].op); });
  };
  for (size_t i = 0; i < graph.nodes.size(); ++i)
    if (wants_one(i))
      insert_after(graph, static_cast<ir::Value>(i + 1),
                   {free_name(graph, graph.nodes[i].name + "_norm"), ops::BatchNorm{}, {}, graph.nodes[i].type});
}

ir::Value append(ir::Graph& graph, ir::Node node) { return insert_after(graph, graph.output(), std::move(node)); }

bool hand_over_codes(ir::Graph& graph, ir::Value from, ir::Value to) {
  const ir::ValueType given = graph.type_of(from);
  ir::ValueType& takes = to == ir::kInput ? graph.input : graph.nodes[static_cast<size_t>(to - 1)].type;
  if (!given.has_codes() || takes.has_codes_of(given)) return true;
  if (takes.has_codes()) return false;
  takes.take_codes_of(given);
  return true;
}

void rename_constants(ir::Graph& graph, std::string_view from, std::string_view to) {
  for (const std::string& key : constants_of(graph, from)) {
    auto held = graph.constants.extract(key);
    held.key() = std::string(to) + key.substr(from.size());
    graph.constants.insert(std::move(held));
  }
}

void infer_types(ir::Graph& graph) {
  for (ir::Node& node : graph.nodes) {
    const DType in = graph.type_of(node.inputs.at(0)).dtype;
    node.type.shape = ir::infer_shape(node.op, ir::input_shapes(graph, node), node.name);
    node.type.dtype = ir::dtype_written(node.op, in);
  }
}

std::string free_name(const ir::Graph& graph, std::string_view wish) {
  const auto taken = [&](const std::string& name) {
    if (name == "input") return true;
    for (const ir::Node& node : graph.nodes)
      if (node.name == name) return true;
    return false;
  };
  std::string name(wish);
  for (int i = 2; taken(name); ++i) name = std::string(wish) + "_" + std::to_string(i);
  return name;
}

}  // namespace dimple::edit
