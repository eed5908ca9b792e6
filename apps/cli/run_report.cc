#include <fmt/format.h>

#include "verbs.h"
#include "workflow/report.h"

namespace dimple::cli {

int run_report(Invocation& invocation) {
  workflow::ReportRequest request;
  if (!invocation.parse(request, "model")) return 0;
  const workflow::CardReport report = workflow::report(request, invocation.task());
  invocation.print(fmt::format("{}  accuracy {:.4f}, deduplicated {:.4f}\n", report.path, report.model.accuracy.value,
                               report.model.accuracy_deduplicated.value));
  host::Json json{{"schema", 1},
                  {"card", report.path},
                  {"figures", report.figures_path},
                  {"model", workflow::to_json(report.model)}};
  if (report.parent.raw.count > 0) json["parent"] = workflow::to_json(report.parent);
  invocation.print_json(json);
  return 0;
}

}  // namespace dimple::cli
