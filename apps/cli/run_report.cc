#include <fmt/format.h>

#include "verb.h"
#include "workflow/report.h"

namespace dimple::cli {

int run_report(Invocation& call) {
  workflow::ReportRequest request;
  if (!call.parse<workflow::CardReport>(request, "model")) return 0;
  const workflow::CardReport report = workflow::report(request, call.task());
  const evaluate::Figures& figures = report.figures.model.figures;
  call.print(fmt::format("{}  accuracy {:.4f}, deduplicated {:.4f}\n", report.path, figures["accuracy"].value,
                         figures["accuracy_deduplicated"].value));
  call.print_report(report);
  return 0;
}

}  // namespace dimple::cli
