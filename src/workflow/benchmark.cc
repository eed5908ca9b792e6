#include "workflow/benchmark.h"

#include <algorithm>

#include "compile/lower.h"
#include "compile/pipeline.h"
#include "compile/quantise.h"
#include "format/reader.h"
#include "host/error.h"
#include "host/processor.h"
#include "host/suggest.h"
#include "ir/initialise.h"
#include "zoo/architectures.h"

namespace dimple::workflow {
namespace {

// With random weights, and for int8 random pictures to find its ranges with: what it costs does not depend on them.
inference::OpenedModel open_architecture(const zoo::Architecture& architecture, const BenchmarkRequest& request) {
  host::check_choice("precision", request.precision, {"int8", "f32"});
  ir::Graph graph = architecture.make({.input = zoo::parse_input(request.input)});
  ir::initialise(graph, 1);
  if (request.precision == "int8") {
    std::vector<int8_t> codes(static_cast<size_t>(2 * graph.input.shape.elements()));
    for (size_t i = 0; i < codes.size(); ++i) codes[i] = static_cast<int8_t>(i * i * 31 % 251);
    graph = compile::quantise(graph, {codes, 1.0f / 128});
  } else {
    graph = compile::optimise(graph);
  }
  inference::OpenedModel opened;
  opened.name = architecture.name;
  opened.graph = graph;
  return opened;
}

inference::OpenedModel open_named(const BenchmarkRequest& request) {
  for (const zoo::Architecture& architecture : zoo::architectures())
    if (request.model == architecture.name) return open_architecture(architecture, request);
  return inference::open_model(request.model);
}

// For several threads buffers lie apart: a row that is written must not end one that another thread still reads.
inference::OpenedModel open(const BenchmarkRequest& request, int threads) {
  inference::OpenedModel opened = open_named(request);
  if (opened.graph && (opened.program.empty() || threads > 1))
    opened.program = compile::plan(*opened.graph, {}, {.sharing = {.overlap = threads == 1}});
  return opened;
}

// Of the layers that multiply.
DType precision_of(const inference::OpenedModel& model) {
  const format::Program program = format::view_program(model.program.data());
  for (const format::StepRecord& step : program.steps)
    if (step.weight != format::kNone && step.bias != format::kNone) return step.types.weight;
  return DType::f32;
}

}  // namespace

BenchmarkReport benchmark(const BenchmarkRequest& request, const host::Task& task) {
  if (!(request.seconds > 0 && request.seconds <= 3600))
    throw host::Error(host::Exit::usage, "--seconds must be above 0 and at most 3600");
  const kernels::IsaSet isas = inference::isas_up_to(request.isa);
  BenchmarkReport report;
  report.threads = host::choose_threads(request.threads);
  const inference::OpenedModel model = open(request, report.threads);
  report.model = model.name;
  report.level = kernels::name_of(level_of(isas));
  const DType precision = precision_of(model);
  report.precision = precision == DType::s8 ? "int8" : name_of(precision);
  report.limit =
      profile::measure_limit(isas, precision == DType::s8 ? kernels::Work::multiply_s8 : kernels::Work::multiply_f32);
  report.time = profile::measure_time(model, {isas, report.threads, request.seconds}, task);
  if (report.time.rescaled > 0) report.rescale_limit = profile::measure_limit(isas, kernels::Work::rescale);
  return report;
}

}  // namespace dimple::workflow
