#include "compile/quantise_steps.h"

#include "compile/given_codes.h"
#include "compile/passes/passes.h"
#include "compile/quantise_packed.h"
#include "compile/quantise_weights.h"
#include "ir/packed_weight.h"
#include "ir/traits.h"

namespace dimple::compile {
namespace {

// f(node) for each node with a weight that is rounded, in `real`: weights in few bits stay as they are.
template <class F>
int for_each_weight(const Quantising& q, F&& f) {
  int count = 0;
  for (const ir::Node& node : q.real.nodes)
    if (q.real.constant(node.name, "weight") && !ir::has_float_form(q.real, node)) f(node), ++count;
  return count;
}

bool puts_out_signs(const ir::Node& node) { return ir::integer_form_of(node.op) == ops::IntegerForm::signs; }

// What has nothing to choose: weights in few bits with their biases, and shifts of signs.
int take_few_bits(Quantising& q) {
  int taken = 0;
  for (const ir::Node& node : q.real.nodes) {
    if (puts_out_signs(node))
      quantise_thresholds(q.real, node, q.integer), ++taken;
    else if (ir::has_float_form(q.real, node))
      quantise_packed_weights(q.real, node, q.integer), ++taken;
  }
  return taken;
}

}  // namespace

int equalise(Quantising& q) {
  const int pairs = equalise_channels(q.real);
  q.integer = q.real;
  return pairs;
}

int calibrate_values(Quantising& q) {
  if (all_codes_given(q.real)) return 0;
  q.statistics = calibrate(ir::with_float_weights(q.real), q.pictures, q.options.threads);
  return static_cast<int>(q.statistics.size());
}

template <RangeRule rule>
int choose_codes(Quantising& q) {
  int chosen = 0;
  q.integer.input.dtype = DType::s8;
  for (size_t i = 0; i < q.integer.nodes.size(); ++i) {
    ir::Node& node = q.integer.nodes[i];
    node.type.dtype = DType::s8;
    if (puts_out_signs(node)) {
      node.type = {DType::b1, node.type.shape, 1, 0};
      continue;
    }
    if (node.type.has_codes()) continue;
    if (ir::integer_form_of(node.op) == ops::IntegerForm::same_codes) {
      node.type.take_codes_of(q.integer.type_of(node.inputs[0]));
    } else {
      const Codes codes = codes_for(choose_range(q.statistics[i + 1].histogram, rule, q.options.clipped_share));
      node.type.scale = codes.scale, node.type.zero_point = codes.zero_point;
      ++chosen;
    }
  }
  return chosen;
}

// Training for given codes has rounded the weights by their extremes.
template <RangeRule rule>
int round_weights(Quantising& q) {
  return take_few_bits(q) + for_each_weight(q, [&](const ir::Node& node) {
           quantise_weights(q.real, node, q.integer, node.type.has_codes() ? RangeRule::extremes : rule);
         });
}

// ... and has learnt the biases that go with that.
int correct_biases(Quantising& q) {
  for_each_weight(q, [&](const ir::Node& node) {
    if (node.type.has_codes() || !q.real.constant(node.name, "bias")) return;
    q.shifts[node.name] = mean_shift(q.real, node, q.integer, q.statistics[static_cast<size_t>(node.inputs[0])].mean);
  });
  return static_cast<int>(q.shifts.size());
}

int round_biases(Quantising& q) {
  return for_each_weight(q, [&](const ir::Node& node) {
    const auto shift = q.shifts.find(node.name);
    quantise_biases(q.real, node, q.integer, shift == q.shifts.end() ? std::vector<double>{} : shift->second);
  });
}

template int choose_codes<RangeRule::extremes>(Quantising&);
template int choose_codes<RangeRule::percentile>(Quantising&);
template int choose_codes<RangeRule::least_error>(Quantising&);
template int round_weights<RangeRule::extremes>(Quantising&);
template int round_weights<RangeRule::least_error>(Quantising&);

}  // namespace dimple::compile
