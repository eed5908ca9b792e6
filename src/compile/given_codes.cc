#include "compile/given_codes.h"

#include <fmt/format.h>

#include <algorithm>

#include "edit/surgery.h"
#include "host/error.h"
#include "ir/traits.h"

namespace dimple::compile {
namespace {

using host::Error;
using host::Exit;

std::string words(const ir::ValueType& type) { return fmt::format("{} @ {}", type.scale, type.zero_point); }

bool keeps_codes(const ir::Node& node) { return ir::integer_form_of(node.op) == ops::IntegerForm::same_codes; }

void share(ir::Graph& graph, const ir::Node& node, ir::Value from, ir::Value to) {
  if (edit::hand_over_codes(graph, from, to)) return;
  throw Error(Exit::model,
              fmt::format("node {}: {} keeps its input's codes, {}, and was trained for {}", node.name,
                          ir::name_of(node.op), words(graph.type_of(node.inputs[0])), words(node.type)),
              "both values must be trained for the same codes, or one of them for none");
}

void share_backwards(ir::Graph& graph, size_t i) {
  const ir::Node& node = graph.nodes[i];
  const ir::Value input = node.inputs[0];
  if (node.type.has_codes() && !graph.type_of(input).has_codes() && !edit::has_one_reader(graph, input))
    throw Error(Exit::model,
                fmt::format("node {}: {} keeps its input's codes, and that input, which others read too, was trained "
                            "for none",
                            node.name, ir::name_of(node.op)),
                "the input must be trained for the codes of the output");
  share(graph, node, static_cast<ir::Value>(i + 1), input);
}

}  // namespace

void settle_given_codes(ir::Graph& graph, float input_scale) {
  const ir::ValueType pictures{DType::f32, graph.input.shape, input_scale, 0};
  if (graph.input.has_codes() && !graph.input.has_codes_of(pictures))
    throw Error(Exit::model, fmt::format("graph {}: its input was trained for codes {}, and its pictures come in {}",
                                         graph.name, words(graph.input), words(pictures)));
  graph.input.take_codes_of(pictures);
  for (size_t i = graph.nodes.size(); i-- > 0;)
    if (keeps_codes(graph.nodes[i])) share_backwards(graph, i);
  for (size_t i = 0; i < graph.nodes.size(); ++i)
    if (const ir::Node& node = graph.nodes[i]; keeps_codes(node))
      share(graph, node, node.inputs[0], static_cast<ir::Value>(i + 1));
}

bool all_codes_given(const ir::Graph& graph) {
  return graph.input.has_codes() && std::ranges::all_of(graph.nodes, [](const ir::Node& node) {
           return node.type.has_codes() || ir::integer_form_of(node.op) == ops::IntegerForm::signs;
         });
}

}  // namespace dimple::compile
