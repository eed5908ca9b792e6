#include <fmt/format.h>

#include <variant>

#include "verb.h"
#include "workflow/report.h"
#include "workflow/report_search.h"

namespace dimple::cli {

int run_report(Invocation& call) {
  workflow::ReportRequest request;
  if (!call.parse<std::variant<workflow::CardReport, workflow::SearchPage>>(request, "model")) return 0;
  if (workflow::is_search(request.model)) {
    const bool elsewhere = request.out != workflow::ReportRequest{}.out;
    const workflow::SearchPage page = workflow::report_search(request.model, elsewhere ? request.out : "");
    call.print(fmt::format("{}  {} networks were tried\n", page.path, page.trials));
    call.print_report(page);
    return 0;
  }
  const workflow::CardReport report = workflow::report(request, call.task());
  const evaluate::Figures& figures = report.figures.model.figures;
  call.print(fmt::format("{}  accuracy {:.4f}, deduplicated {:.4f}\n", report.path, figures["accuracy"].value,
                         figures["accuracy_deduplicated"].value));
  call.print_report(report);
  return 0;
}

}  // namespace dimple::cli
