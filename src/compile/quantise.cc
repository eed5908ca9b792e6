#include "compile/quantise.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "compile/given_codes.h"
#include "compile/keep_float.h"
#include "compile/pipeline.h"
#include "compile/quantise_steps.h"
#include "edit/surgery.h"
#include "host/error.h"
#include "host/suggest.h"
#include "ir/semantics.h"
#include "ir/verify.h"

namespace dimple::compile {
namespace {

using host::Error;
using host::Exit;

struct Step {
  QuantiseChoice choice;
  int (*apply)(Quantising&);
};

constexpr std::string_view kAlways = "always";

// Read from top to bottom. Weights are rounded before biases, which take back what that does to a channel's mean. The
// first of a group is the plainest, and runs where no other of it is named.
constexpr Step kSteps[] = {
    {{"equalise", "", "level the channels between two layers, where the network computes the same"}, equalise},
    {{"calibrate", kAlways, "look at every value on the calibration pictures"}, calibrate_values},
    {{"min-max", "values", "codes of a value reach from its least to its largest"}, choose_codes<RangeRule::extremes>},
    {{"percentile", "values", "clip one value in ten thousand"}, choose_codes<RangeRule::percentile>},
    {{"mse", "values", "clip where the squared error is least"}, choose_codes<RangeRule::least_error>},
    {{"weights-min-max", "weights", "codes of a weight reach to its largest"}, round_weights<RangeRule::extremes>},
    {{"weights-mse", "weights", "clip where the squared error is least"}, round_weights<RangeRule::least_error>},
    {{"correct-biases", "", "take out what rounded weights do to a channel's mean"}, correct_biases},
    {{"round-biases", kAlways, "in s32"}, round_biases},
};

bool has(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

// The steps that run, in order.
std::vector<const Step*> chosen_steps(const QuantiseOptions& options) {
  const auto named = [&](const Step& s) {
    return has(options.steps, s.choice.name) && !has(options.without, s.choice.name);
  };
  std::vector<const Step*> chosen;
  for (const Step& step : kSteps) {
    const std::string_view group = step.choice.group;
    const auto of_group = [&](const Step& s) { return s.choice.group == group; };
    const bool falls_to_it = !group.empty() && std::ranges::find_if(kSteps, of_group) == &step &&
                             std::ranges::none_of(kSteps, [&](const Step& s) { return of_group(s) && named(s); });
    if (group == kAlways || named(step) || falls_to_it) chosen.push_back(&step);
  }
  return chosen;
}

void check_supported(const ir::Graph& graph) {
  for (const ir::Node& node : graph.nodes) {
    const ops::IntegerForm form = ir::integer_form_of(node.op);
    if (form == ops::IntegerForm::converts || graph.type_of(node.inputs[0]).dtype != DType::f32)
      throw Error(Exit::model, fmt::format("graph {} is not a float graph, so it cannot be quantised", graph.name));
    if (form == ops::IntegerForm::none)
      throw Error(Exit::model, fmt::format("node {}: {} has no integer form", node.name, ir::name_of(node.op)));
  }
}

QuantiseReport run_step(const Step& step, Quantising& q) {
  const auto start = std::chrono::steady_clock::now();
  const int changes = step.apply(q);
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  return {step.choice.name, took.count(), changes};
}

}  // namespace

std::vector<QuantiseChoice> quantise_choices() {
  std::vector<QuantiseChoice> choices;
  for (const Step& step : kSteps)
    if (step.choice.group != kAlways) choices.push_back(step.choice);
  return choices;
}

void check_steps(const QuantiseOptions& options) {
  const std::vector<QuantiseChoice> choices = quantise_choices();
  std::vector<std::string> known;
  for (const QuantiseChoice& choice : choices) known.emplace_back(choice.name);
  for (const auto& [flag, names] : {std::pair("ptq", &options.steps), std::pair("without", &options.without)})
    for (const std::string& name : *names) host::check_choice(flag, name, known);
  for (const QuantiseChoice& a : choices)
    for (const QuantiseChoice& b : choices)
      if (&a < &b && !a.group.empty() && a.group == b.group && has(options.steps, a.name) && has(options.steps, b.name))
        throw Error(Exit::usage, fmt::format("--ptq: {} and {} both choose the codes of {}", a.name, b.name, a.group));
}

Quantised quantise_both(const ir::Graph& trained, const CalibrationSet& pictures, const QuantiseOptions& options) {
  check_steps(options);
  if (!(std::isfinite(pictures.scale) && pictures.scale > 0))
    throw Error(Exit::input, "the calibration pictures have no positive scale");
  ir::Graph graph = without_softmax(optimise(trained));
  check_supported(graph);
  check_kept(trained, graph, options.keep_float);
  settle_given_codes(graph, pictures.scale);
  Quantising q{pictures, options, graph, graph, {}, {}};
  for (const Step* step : chosen_steps(options)) {
    const QuantiseReport report = run_step(*step, q);
    if (options.on_step) options.on_step(report);
  }
  ir::verify(q.integer);
  Quantised made{std::move(q.real), std::move(q.integer), {}};
  made.graph = end_in_probabilities(keep_float(made.real, made.integer, options.keep_float));
  made.integer = end_in_probabilities(std::move(made.integer));
  ir::verify(made.graph);
  return made;
}

ir::Graph quantise(const ir::Graph& trained, const CalibrationSet& pictures, const QuantiseOptions& options) {
  return quantise_both(trained, pictures, options).graph;
}

}  // namespace dimple::compile
