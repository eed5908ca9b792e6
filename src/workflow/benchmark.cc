#include "workflow/benchmark.h"

#include <algorithm>

#include "compile/lower.h"
#include "format/reader.h"
#include "host/error.h"
#include "host/processor.h"
#include "profile/step_work.h"
#include "workflow/open_network.h"

namespace dimple::workflow {
namespace {

// For several threads buffers lie apart: a row that is written must not end one that another thread still reads.
inference::OpenedModel open(const BenchmarkRequest& request, int threads) {
  inference::OpenedModel opened = open_network({request.model, request.precision, request.input});
  if (opened.graph && (opened.program.empty() || threads > 1))
    opened.program = compile::plan(*opened.graph, {}, {.sharing = {.overlap = threads == 1}});
  return opened;
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
  const DType precision = profile::precision_of(format::view_program(model.program.data()));
  report.precision = precision == DType::s8 ? "int8" : name_of(precision);
  report.limit =
      profile::measure_limit(isas, precision == DType::s8 ? kernels::Work::multiply_s8 : kernels::Work::multiply_f32);
  report.time = profile::measure_time(model, {isas, report.threads, request.seconds}, task);
  if (report.time.rescaled > 0) report.rescale_limit = profile::measure_limit(isas, kernels::Work::rescale);
  return report;
}

}  // namespace dimple::workflow
