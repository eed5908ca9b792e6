#include <fmt/format.h>

#include "plot/terminal.h"
#include "verb.h"
#include "workflow/models.h"

namespace dimple::cli {
namespace {

std::string kilobytes(int64_t bytes) { return fmt::format("{:.1f} kB", static_cast<double>(bytes) / 1000); }

}  // namespace

int run_models(Invocation& call) {
  workflow::ModelsRequest request;
  if (!call.parse<workflow::ModelsReport>(request, "show")) return 0;
  const workflow::ModelsReport report = workflow::models(request);
  std::vector<std::vector<std::string>> rows;
  for (const workflow::ModelSummary& model : report.models) {
    rows.push_back({model.name, model.dtype, model.input, std::to_string(model.parameters),
                    kilobytes(model.weight_bytes),
                    fmt::format("{:.2f} M", static_cast<double>(model.multiply_adds) / 1e6),
                    model.arena_bytes > 0 ? kilobytes(model.arena_bytes) : "", model.accuracy});
  }
  if (rows.empty()) {
    call.print("no models were built into this program\n");
  } else {
    call.print(plot::table({{"model"},
                            {"type"},
                            {"input"},
                            {"parameters", true},
                            {"weights", true},
                            {"multiply-adds", true},
                            {"arena", true},
                            {"accuracy", true}},
                           rows, call.out()));
  }
  if (!report.details.empty()) call.print("\n" + report.details);
  for (const workflow::ModelSummary& model : report.models) {
    if (model.labels.empty() || !request.show.empty()) continue;
    std::string labels;
    for (const std::string& label : model.labels) labels += (labels.empty() ? "" : ", ") + label;
    call.print(fmt::format("\n{} tells apart: {}\n", model.name, labels));
  }
  call.print_report(report);
  return 0;
}

}  // namespace dimple::cli
