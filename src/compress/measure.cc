#include "compress/measure.h"

#include <algorithm>

#include "compress/zipped.h"
#include "evaluate/figures.h"
#include "evaluate/read_rows.h"
#include "format/reader.h"
#include "host/processor.h"
#include "ir/cost.h"
#include "ir/packed_weight.h"
#include "ir/traits.h"
#include "profile/estimate.h"
#include "profile/host_time.h"
#include "target/target.h"

namespace dimple::compress {
namespace {

evaluate::Figures figures_of(const inference::OpenedModel& model, const data::Dataset& set, data::Split split,
                             int threads, const host::Task& task) {
  return evaluate::measure(set, evaluate::read_rows(model, set, data::rows_of(set, split), threads, task),
                           /*resamples=*/0);
}

// Bits are never zero.
int64_t count_zeros(const ir::Graph& graph, const ir::Node& node) {
  const ir::Tensor* weight = graph.constant(node.name, "weight");
  if (!weight || !ir::is_linear(node.op) || weight->dtype == DType::b1) return 0;
  ir::Tensor plain;
  if (ir::has_float_form(graph, node))
    plain = ir::float_weight(graph, node);
  else if (const ir::Tensor* const book = graph.constant(node.name, "codebook"))
    plain = ir::looked_up(*weight, *book, ir::parameters_of(graph, node).weight);
  else
    plain = *weight;
  const ir::Tensor& numbers = plain;
  return numbers.dtype == DType::f32 ? std::ranges::count(numbers.as<float>(), 0.0f)
                                     : std::ranges::count(numbers.as<int8_t>(), int8_t{0});
}

void count_weights(const ir::Graph& graph, Measurement& m) {
  const ir::Cost cost = ir::estimate_cost(graph);
  m.parameters = cost.parameters, m.multiply_adds = cost.multiply_adds, m.weight_bytes = cost.weight_bytes;
  for (const ir::Node& node : graph.nodes) m.zeros += count_zeros(graph, node);
}

}  // namespace

evaluate::Figures Measurement::figures() const {
  evaluate::Figures f;
  f.figures = {{"accuracy", {judged_accuracy(), {}}}};
  if (tested)
    for (const auto& [name, value] : {std::pair("accuracy_deduplicated", accuracy_deduplicated),
                                      {"balanced_accuracy", balanced_accuracy},
                                      {"f1_macro", f1_macro}})
      f.figures.push_back({name, {value, {}}});
  return f;
}

Measurement measure(const model::Model& model, const data::Dataset& set, const MeasureOptions& options,
                    const host::Task& task) {
  const inference::OpenedModel opened = inference::open_model(model, "model");
  const int threads = host::choose_threads(options.threads);
  Measurement m;
  count_weights(*opened.graph, m);
  const format::Program program = format::view_program(opened.program.data());
  m.program_bytes = static_cast<int64_t>(opened.program.size());
  m.zipped_bytes = zipped_bytes(opened.program);
  m.arena_bytes = program.header->arena_bytes;
  if (!data::rows_of(set, data::Split::validation).empty())
    m.validation_accuracy = figures_of(opened, set, data::Split::validation, threads, task)["accuracy"].value;
  if (options.test && !data::rows_of(set, data::Split::test).empty()) {
    const evaluate::Figures figures = figures_of(opened, set, data::Split::test, threads, task);
    m.tested = true;
    m.accuracy = figures["accuracy"].value, m.accuracy_deduplicated = figures["accuracy_deduplicated"].value;
    m.balanced_accuracy = figures["balanced_accuracy"].value, m.f1_macro = figures["f1_macro"].value;
  }
  m.phone_us = profile::estimate_us(target::find_target("moto-g6"), opened.program).value_or(0);
  if (options.seconds > 0)
    m.here_us = profile::measure_time(opened, {.threads = 1, .seconds = options.seconds}, task).whole.p50_us;
  return m;
}

}  // namespace dimple::compress
