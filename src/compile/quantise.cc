#include "compile/quantise.h"

#include <fmt/format.h>

#include <cmath>

#include "compile/given_codes.h"
#include "compile/pipeline.h"
#include "compile/quantise_packed.h"
#include "compile/quantise_weights.h"
#include "edit/surgery.h"
#include "host/error.h"
#include "ir/packed_weight.h"
#include "ir/semantics.h"
#include "ir/verify.h"

namespace dimple::compile {
namespace {

void check_supported(const ir::Graph& graph) {
  for (const ir::Node& node : graph.nodes) {
    const ops::IntegerForm form = ir::integer_form_of(node.op);
    if (form == ops::IntegerForm::converts || graph.type_of(node.inputs[0]).dtype != DType::f32)
      throw host::Error(host::Exit::model,
                        fmt::format("graph {} is not a float graph, so it cannot be quantised", graph.name));
    if (form == ops::IntegerForm::none)
      throw host::Error(host::Exit::model,
                        fmt::format("node {}: {} has no integer form", node.name, ir::name_of(node.op)));
  }
}

// `statistics` are there unless every value has codes.
void quantise_values(ir::Graph& graph, const std::vector<ValueStatistics>& statistics, const QuantiseOptions& options) {
  graph.input.dtype = DType::s8;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    ir::Node& node = graph.nodes[i];
    node.type.dtype = DType::s8;
    if (ir::integer_form_of(node.op) == ops::IntegerForm::signs) {
      node.type = {DType::b1, node.type.shape, 1, 0};
      continue;
    }
    if (node.type.has_codes()) continue;
    if (ir::integer_form_of(node.op) == ops::IntegerForm::same_codes) {
      node.type.take_codes_of(graph.type_of(node.inputs[0]));
    } else {
      const Codes codes = codes_for(choose_range(statistics[i + 1].histogram, options.values, options.clipped_share));
      node.type.scale = codes.scale, node.type.zero_point = codes.zero_point;
    }
  }
}

// Training for given codes has rounded the weights by their extremes, and has learnt the biases that go with that.
WeightOptions weight_options(const ir::Node& node, const std::vector<ValueStatistics>& statistics,
                             const QuantiseOptions& options) {
  if (node.type.has_codes()) return {RangeRule::extremes, nullptr};
  return {options.weights, options.correct_biases ? &statistics[static_cast<size_t>(node.inputs[0])].mean : nullptr};
}

}  // namespace

ir::Graph quantise(const ir::Graph& trained, const CalibrationSet& pictures, const QuantiseOptions& options) {
  if (!(std::isfinite(pictures.scale) && pictures.scale > 0))
    throw host::Error(host::Exit::input, "the calibration pictures have no positive scale");
  ir::Graph graph = without_softmax(optimise(trained));
  check_supported(graph);
  settle_given_codes(graph, pictures.scale);
  std::vector<ValueStatistics> statistics;
  if (!all_codes_given(graph)) statistics = calibrate(ir::with_float_weights(graph), pictures, options.threads);
  const ir::Graph real = graph;  // whose float weights are read while the integer ones are written
  quantise_values(graph, statistics, options);
  for (const ir::Node& node : real.nodes)
    if (ir::integer_form_of(node.op) == ops::IntegerForm::signs)
      quantise_thresholds(real, node, graph);
    else if (ir::has_float_form(real, node))
      quantise_packed_weights(real, node, graph);
    else if (real.constant(node.name, "weight"))
      quantise_weights(real, node, graph, weight_options(node, statistics, options));
  graph = end_in_probabilities(std::move(graph));
  ir::verify(graph);
  return graph;
}

}  // namespace dimple::compile
