#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>

#include "edit/bundles.h"
#include "edit/inherit.h"
#include "edit/reductions.h"
#include "edit/saliency.h"
#include "edit/surgery.h"
#include "host/error.h"
#include "ir/semantics.h"
#include "ir/traits.h"
#include "ir/verify.h"

namespace dimple::edit {
namespace {

using host::Error;
using host::Exit;
using ir::Graph;
using ir::Node;
using ir::Value;

[[noreturn]] void cannot(const std::string& why) { throw Error(Exit::usage, why); }
void must(bool holds, const std::string& why) {
  if (!holds) cannot(why);
}

Value value_of(size_t node) { return static_cast<Value>(node + 1); }
size_t node_at(Value value) { return static_cast<size_t>(value - 1); }

size_t find_node(const Graph& graph, const std::string& name) {
  const auto it = std::ranges::find(graph.nodes, name, &Node::name);
  if (it == graph.nodes.end()) cannot(fmt::format("there is no node {}", name));
  return static_cast<size_t>(it - graph.nodes.begin());
}

// Values that `from` is computed from, itself among them.
std::vector<bool> ancestors_of(const Graph& graph, Value from) {
  std::vector<bool> seen(graph.nodes.size() + 1);
  seen[static_cast<size_t>(from)] = true;
  for (Value v = from; v > ir::kInput; --v)
    if (seen[static_cast<size_t>(v)])
      for (const Value in : graph.node_of(v).inputs) seen[static_cast<size_t>(in)] = true;
  return seen;
}

// Nodes that the output no longer depends on, and their constants.
void remove_dead(Graph& graph) {
  const std::vector<bool> alive = ancestors_of(graph, graph.output());
  for (size_t i = graph.nodes.size(); i-- > 0;)
    if (!alive[static_cast<size_t>(value_of(i))]) remove_node(graph, i);
}

// What no longer fits: absent constants are new ones.
void drop_misfits(Graph& graph, const Graph& given) {
  for (const Node& node : graph.nodes)
    for (const ir::ParameterSpec& spec : ir::parameter_specs(node.op, ir::input_shapes(graph, node))) {
      const auto held = graph.constants.find(node.name + "." + std::string(spec.role));
      if (held == graph.constants.end() || held->second.dims == spec.dims) continue;
      if (auto laid = spec.role == "weight"
                          ? laid_over(held->second, flattened(given, node.name), flattened(graph, node.name))
                          : std::nullopt)
        held->second = std::move(*laid);
      else
        graph.constants.erase(held);
    }
}

bool is_norm_or_activation(const ir::Op& op) {
  return std::holds_alternative<ops::BatchNorm>(op) || std::holds_alternative<ops::Prelu>(op) ||
         ir::is_activation(op) || ir::integer_form_of(op) == ops::IntegerForm::table;
}

// --- the kinds ---

void shrink_input(Graph& graph, const Reduction& r) {
  must(r.node == "input", "the picture is called input");
  ops::Shape& shape = graph.input.shape;
  must(r.to < shape.height && r.to > 0, "the picture would not become smaller");
  shape.width = std::max(1, shape.width * r.to / shape.height), shape.height = r.to;
}

void lengthen_stride(Graph& graph, const Reduction& r) {
  const size_t at = find_node(graph, r.node);
  const auto first = std::ranges::find_if(graph.nodes, [](const Node& n) { return ir::window_of(n.op) != nullptr; });
  must(&graph.nodes[at] == &*first, "only the first window's steps become longer");
  ops::Window& window = *ir::window_of(graph.nodes[at].op);
  must(r.to > window.stride_h && r.to <= window.reach_h() + 1, "its steps would leave parts of the picture out");
  window.stride_h = window.stride_w = r.to;
}

bool is_pool(const ir::Op& op) {
  return std::holds_alternative<ops::MaxPool>(op) || std::holds_alternative<ops::AveragePool>(op);
}

void widen_pool(Graph& graph, const Reduction& r) {
  ir::Op& op = graph.nodes[find_node(graph, r.node)].op;
  must(is_pool(op), "it is no pool");
  ops::Window& window = *ir::window_of(op);
  must(window.stride_h > 1 && r.to > window.stride_h && r.to <= 4, "a pool's steps become at most 4");
  window.stride_h = window.stride_w = r.to;
  window.kernel_h = std::max(window.kernel_h, r.to), window.kernel_w = std::max(window.kernel_w, r.to);
}

// One window that sees what both saw: `behind` looks at what `front` gives.
void see_through(ops::Window& front, const ops::Window& behind) {
  front.kernel_h += (behind.kernel_h - 1) * front.stride_h, front.kernel_w += (behind.kernel_w - 1) * front.stride_w;
  front.pad_top += behind.pad_top * front.stride_h, front.pad_bottom += behind.pad_bottom * front.stride_h;
  front.pad_left += behind.pad_left * front.stride_w, front.pad_right += behind.pad_right * front.stride_w;
}

// The pool leaves, and what stands in front of it takes its steps too: a pool of its kind, whose window grows, or a
// convolution, which then computes what the pool would have thrown away no longer.
void merge_pool(Graph& graph, const Reduction& r) {
  const size_t at = find_node(graph, r.node);
  must(is_pool(graph.nodes[at].op), "it is no pool");
  const ops::Window behind = *ir::window_of(graph.nodes[at].op);
  Value from = graph.nodes[at].inputs[0];
  while (from > ir::kInput && has_one_reader(graph, from) && is_norm_or_activation(graph.node_of(from).op))
    from = graph.node_of(from).inputs[0];
  must(from > ir::kInput && has_one_reader(graph, from), "what it reads is read elsewhere too");
  Node& node = graph.nodes[node_at(from)];
  ops::Window* const front = ir::window_of(node.op);
  must(front != nullptr, "no pool and no convolution stands in front of it");
  if (is_pool(node.op)) {
    must(node.op.index() == graph.nodes[at].op.index(), "of two pools one takes means, the other the largest");
    see_through(*front, behind);
  } else {
    must(behind.stride_h > 1, "it takes no steps");
    must(front->stride_h * behind.stride_h <= front->reach_h(), "its steps would leave parts of the picture out");
  }
  front->stride_h *= behind.stride_h, front->stride_w *= behind.stride_w;
  must(value_of(at) != graph.output(), "it is the output");
  remove_node(graph, at);
}

void shrink_kernel(Graph& graph, const Reduction& r) {
  Node& node = graph.nodes[find_node(graph, r.node)];
  ops::Window* const window = ir::window_of(node.op);
  must(window != nullptr && ir::is_linear(node.op), "it has no window with weights");
  must(window->kernel_h == window->kernel_w && r.to == window->kernel_h - 2 && r.to >= 1,
       "a square window loses one ring");
  must(std::min({window->pad_top, window->pad_left, window->pad_bottom, window->pad_right}) >= window->dilation_h,
       "without padding its output would grow");
  window->kernel_h -= 2, window->kernel_w -= 2;
  window->pad_top -= window->dilation_h, window->pad_bottom -= window->dilation_h;
  window->pad_left -= window->dilation_w, window->pad_right -= window->dilation_w;
  const auto weight = graph.constants.find(node.name + ".weight");
  if (weight == graph.constants.end()) return;
  weight->second = without_ring(weight->second, std::holds_alternative<ops::Conv2d>(node.op) ? 1 : 0);
}

void separate(Graph& graph, const Reduction& r) {
  const size_t at = find_node(graph, r.node);
  auto* const conv = std::get_if<ops::Conv2d>(&graph.nodes[at].op);
  must(conv != nullptr && conv->window.kernel_h > 1, "it is no convolution of more than one tap");
  const int32_t ins = graph.type_of(graph.nodes[at].inputs[0]).shape.channels;
  must(ins >= 8, "it reads too few channels");
  const ops::DepthwiseConv2d depthwise{conv->window, ops::Activation::none};
  const std::string name = free_name(graph, r.node + "_depthwise");
  conv->window = {};
  if (const auto weight = graph.constants.find(r.node + ".weight"); weight != graph.constants.end()) {
    Separated parts = separated(weight->second);
    graph.constants[name + ".weight"] = std::move(parts.windows);
    graph.constants[name + ".bias"] = ir::make_tensor(DType::f32, {ins}, std::vector<float>(static_cast<size_t>(ins)));
    weight->second = std::move(parts.points);
  }
  insert_before(graph, at, {name, depthwise, {}, {}});
}

// The channels whose filters are the smallest leave; without weights the last ones.
void narrow(Graph& graph, const Reduction& r) {
  const Value value = value_of(find_node(graph, r.node));
  const std::vector<ChannelGroup> groups = channel_groups(graph);
  std::vector<double> scores(groups.size());
  for (size_t i = 0; i < scores.size(); ++i) scores[i] = static_cast<double>(scores.size() - i);
  if (!graph.constants.empty()) scores = score_groups(graph, groups, SaliencyRule::magnitude_l2);
  for (const Bundle& bundle : bundles_of(groups, scores, 1, 0.999)) {
    const bool has_it = std::ranges::any_of(bundle.groups, [&](size_t g) {
      return std::ranges::any_of(groups[g].channels, [&](const ChannelOf& c) { return c.value == value; });
    });
    if (!has_it) continue;
    must(r.to > 0 && r.to < bundle.size(), fmt::format("it has {} channels", bundle.size()));
    std::vector<ChannelGroup> gone;
    for (int i = 0; i < bundle.size() - r.to; ++i) gone.push_back(groups[bundle.groups[static_cast<size_t>(i)]]);
    remove_channels(graph, gone);
    return;
  }
  cannot("its channels cannot leave");
}

void remove_block(Graph& graph, const Reduction& r) {
  const size_t at = find_node(graph, r.node);
  const Node& node = graph.nodes[at];
  must(ir::is_linear(node.op), "it is no layer with weights");
  must(graph.type_of(node.inputs[0]).shape == node.type.shape, "what it reads has another shape");
  // From the back, so that numbers in front stay.
  std::vector<size_t> leaving{at};
  while (has_one_reader(graph, value_of(leaving.back()))) {
    const size_t next = readers_of(graph, value_of(leaving.back())).front();
    if (!is_norm_or_activation(graph.nodes[next].op)) break;
    leaving.push_back(next);
  }
  must(value_of(leaving.back()) != graph.output(), "it is the output");
  for (auto it = leaving.rbegin(); it != leaving.rend(); ++it) remove_node(graph, *it);
}

// The two sides of add(x, f(x)) or multiply(x, f(x)): the origin, and what is computed from it.
struct Sides {
  Value origin, computed;
};
Sides sides_of(const Graph& graph, const Node& node) {
  must(node.inputs.size() == 2 && node.inputs[0] != node.inputs[1], "it has no two sides");
  const auto [a, b] = std::pair(node.inputs[0], node.inputs[1]);
  if (ancestors_of(graph, b)[static_cast<size_t>(a)]) return {a, b};
  must(ancestors_of(graph, a)[static_cast<size_t>(b)], "neither side is computed from the other");
  return {b, a};
}

// The readers of a node read one of its inputs instead.
void keep_side(Graph& graph, size_t at, Value side) {
  must(graph.type_of(side).shape == graph.nodes[at].type.shape, "that side has another shape");
  must(value_of(at) != graph.output(), "it is the output");
  graph.nodes[at].inputs = {side};
  remove_node(graph, at);
}

void keep_side_of_sum(Graph& graph, const Reduction& r) {
  const size_t at = find_node(graph, r.node);
  must(std::holds_alternative<ops::Add>(graph.nodes[at].op), "it is no sum");
  const Sides sides = sides_of(graph, graph.nodes[at]);
  keep_side(graph, at, r.kind == "branch" ? sides.origin : sides.computed);
}

void remove_gate(Graph& graph, const Reduction& r) {
  const size_t at = find_node(graph, r.node);
  must(std::holds_alternative<ops::Multiply>(graph.nodes[at].op), "it is no product");
  keep_side(graph, at, sides_of(graph, graph.nodes[at]).origin);
}

// Behind the norm, in front of the activation.
void add_shortcut(Graph& graph, const Reduction& r) {
  const size_t at = find_node(graph, r.node);
  const Node& node = graph.nodes[at];
  must(ir::is_purely_linear(node.op) && ir::window_of(node.op) != nullptr, "it is no convolution");
  const Value from = node.inputs[0];
  must(graph.type_of(from).shape == node.type.shape, "what it reads has another shape");
  Value behind = value_of(at);
  while (has_one_reader(graph, behind)) {
    const size_t next = readers_of(graph, behind).front();
    if (!std::holds_alternative<ops::BatchNorm>(graph.nodes[next].op)) break;
    behind = value_of(next);
  }
  for (const size_t reader : readers_of(graph, behind))
    must(!std::holds_alternative<ops::Add>(graph.nodes[reader].op), "there is a sum behind it");
  must(behind != graph.output(), "it is the output");
  const Value sum = insert_after(graph, behind, {free_name(graph, r.node + "_sum"), ops::Add{}, {}, node.type});
  graph.nodes[node_at(sum)].inputs = {from, behind};
}

bool is_stop(const ir::Op& op) {
  return (is_norm_or_activation(op) && !std::holds_alternative<ops::BatchNorm>(op)) ||
         std::holds_alternative<ops::Add>(op) || std::holds_alternative<ops::MaxPool>(op) ||
         std::holds_alternative<ops::AveragePool>(op);
}

// From one activation, sum or pool to a later one of the same shape; the ends of the nearest ones count first. What
// stands one behind the other is no bridge, nor what a sum has already.
void add_bridge(Graph& graph, const Reduction& r) {
  const size_t at = find_node(graph, r.node);
  const Node& node = graph.nodes[at];
  must(is_stop(node.op) && value_of(at) != graph.output(), "it is no activation, sum or pool");
  must(node.type.shape.height > 1, "it is no picture");
  int32_t left = r.to;
  for (size_t i = at; i-- > 0;) {
    const Value from = value_of(i);
    if (!is_stop(graph.nodes[i].op) || graph.type_of(from).shape != node.type.shape) continue;
    if (std::ranges::find(node.inputs, from) != node.inputs.end()) continue;
    if (--left > 0) continue;
    for (const size_t reader : readers_of(graph, value_of(at)))
      must(!std::holds_alternative<ops::Add>(graph.nodes[reader].op) ||
               std::ranges::find(graph.nodes[reader].inputs, from) == graph.nodes[reader].inputs.end(),
           "there is one already");
    const Value sum =
        insert_after(graph, value_of(at), {free_name(graph, r.node + "_bridge"), ops::Add{}, {}, node.type});
    graph.nodes[node_at(sum)].inputs = {value_of(at), from};
    return;
  }
  cannot(fmt::format("{} earlier values of its shape are not there", r.to));
}

void remove_dense(Graph& graph, const Reduction& r) {
  const size_t at = find_node(graph, r.node);
  must(std::holds_alternative<ops::Dense>(graph.nodes[at].op), "it is no dense layer");
  std::vector<size_t> leaving{at};
  size_t next = at;
  do {
    must(has_one_reader(graph, value_of(next)), "no dense layer stands behind it");
    next = readers_of(graph, value_of(next)).front();
    if (is_norm_or_activation(graph.nodes[next].op) || std::holds_alternative<ops::Dropout>(graph.nodes[next].op))
      leaving.push_back(next);
  } while (leaving.back() == next);
  must(std::holds_alternative<ops::Dense>(graph.nodes[next].op), "no dense layer stands behind it");
  for (auto it = leaving.rbegin(); it != leaving.rend(); ++it) remove_node(graph, *it);
}

struct Kind {
  std::string_view name;
  void (*apply)(Graph&, const Reduction&);
};
constexpr Kind kAll[] = {
    {"block", remove_block}, {"branch", keep_side_of_sum}, {"detour", keep_side_of_sum}, {"gate", remove_gate},
    {"dense", remove_dense}, {"separate", separate},       {"kernel", shrink_kernel},    {"merge", merge_pool},
    {"pool", widen_pool},    {"stride", lengthen_stride},  {"shortcut", add_shortcut},   {"bridge", add_bridge},
    {"narrow", narrow},      {"input", shrink_input},
};

}  // namespace

std::vector<std::string> reduction_kinds() {
  std::vector<std::string> names;
  for (const Kind& kind : kAll) names.emplace_back(kind.name);
  return names;
}

ir::Graph reduce(const ir::Graph& given, const Reduction& r) {
  const auto kind = std::ranges::find(kAll, r.kind, &Kind::name);
  must(kind != std::end(kAll), fmt::format("there is no reduction `{}`", r.kind));
  Graph graph = given;
  try {
    kind->apply(graph, r);
    remove_dead(graph);
    infer_types(graph);
    drop_misfits(graph, given);
    ir::verify(graph, ir::Constants::may_be_absent);
  } catch (const Error& error) {
    throw Error(Exit::usage, fmt::format("{}: {}", print(r), error.what()), error.hint());
  }
  return graph;
}

}  // namespace dimple::edit
