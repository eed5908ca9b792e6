#include "edit/widths.h"

#include <fmt/format.h>

#include <cmath>

#include "edit/channels.h"
#include "edit/surgery.h"
#include "host/error.h"
#include "ir/traits.h"

namespace dimple::edit {
namespace {

// each * (width of `in`) * (width of `out`): how every cost of a single node grows.
struct Term {
  double each = 0;
  ir::Value in = ir::kInput, out = ir::kInput;
  bool reads_all = false;  // else the width of `in` plays no part
};

class Terms {
 public:
  explicit Terms(const ir::Graph& graph) : graph_(graph) {}

  // What a node costs now, whose weights read all of its input's channels, or each channel its own.
  void add(ir::Value out, int64_t cost, bool reads_all) {
    Term term{0, graph_.node_of(out).inputs[0], out, reads_all};
    const int64_t channels = int64_t{channels_of(graph_, out)} * (reads_all ? channels_of(graph_, term.in) : 1);
    term.each = static_cast<double>(cost) / static_cast<double>(channels);
    if (cost > 0) terms_.push_back(term);
  }

  CostOfWidths cost() && {
    return [terms = std::move(terms_)](const Widths& widths) {
      double sum = 0;
      for (const Term& t : terms)
        sum += t.each * widths[static_cast<size_t>(t.out)] * (t.reads_all ? widths[static_cast<size_t>(t.in)] : 1);
      return sum;
    };
  }

 private:
  const ir::Graph& graph_;
  std::vector<Term> terms_;
};

bool reads_all(const ir::Node& node) { return ir::channel_rule_of(node.op) == ops::ChannelRule::weighted; }

}  // namespace

Widths widths_of(const ir::Graph& graph) {
  Widths widths;
  for (ir::Value v = 0; v <= graph.output(); ++v) widths.push_back(channels_of(graph, v));
  return widths;
}

CostOfWidths macs_at(const ir::Graph& graph) {
  Terms terms(graph);
  for (ir::Value v = 1; v <= graph.output(); ++v) {
    const ir::Node& node = graph.node_of(v);
    terms.add(v, ir::multiply_adds(node.op, ir::input_shapes(graph, node), node.type.shape), reads_all(node));
  }
  return std::move(terms).cost();
}

CostOfWidths int8_bytes_at(const ir::Graph& graph) {
  Terms terms(graph);
  for (ir::Value v = 1; v <= graph.output(); ++v) {
    const ir::Node& node = graph.node_of(v);
    if (std::holds_alternative<ops::BatchNorm>(node.op)) continue;
    const ops::Parameters parameters = ir::parameters_of(graph, node);
    terms.add(v, parameters.weight.elements(), reads_all(node));
    terms.add(v, parameters.bias * 4, false);
  }
  return std::move(terms).cost();
}

CostOfWidths cost_at(const ir::Graph& graph, CostOfGraph cost) {
  ir::Graph bare{graph.name, graph.input, graph.nodes, {}};
  return [bare = std::move(bare), cost = std::move(cost)](const Widths& widths) mutable {
    for (size_t i = 0; i < bare.nodes.size(); ++i)
      if (int32_t* channels = ir::out_channels_in(bare.nodes[i].op)) *channels = widths[i + 1];
    infer_types(bare);
    const double sum = cost(bare);
    if (!std::isfinite(sum) || sum < 0)
      throw host::Error(host::Exit::usage, fmt::format("the cost of graph {} came out as {}", bare.name, sum),
                        "a cost is a number that is not negative");
    return sum;
  };
}

}  // namespace dimple::edit
