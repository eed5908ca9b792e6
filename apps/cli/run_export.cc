#include <fmt/format.h>

#include "plot/terminal.h"
#include "verb.h"
#include "workflow/export.h"

namespace dimple::cli {

int run_export(Invocation& call) {
  workflow::ExportRequest request;
  if (!call.parse<workflow::ExportReport>(request, "model")) return 0;
  const workflow::ExportReport report = workflow::export_model(request, call.task());
  std::vector<std::vector<std::string>> rows;
  for (const workflow::ExportedFile& file : report.files)
    rows.push_back({file.path, std::to_string(file.bytes), file.sha256.substr(0, 16)});
  call.print(plot::table({{"file"}, {"bytes", true}, {"sha256"}}, rows, call.out()));
  call.print(fmt::format("\n{} {}: {} parameters, {} bytes of weights, {:.2f} M multiply-adds, arena {} bytes\n",
                         report.model, report.dtype, report.parameters, report.weight_bytes,
                         static_cast<double>(report.multiply_adds) / 1e6, report.arena_bytes));
  if (report.pictures > 0)
    call.print(fmt::format("on {} pictures: same answer {:.2f} %, largest difference {:.4f}, RMSE {:.5f}\n",
                           report.pictures, 100 * report.top1_agreement, report.largest_difference, report.rmse));
  call.print_report(report);
  return 0;
}

}  // namespace dimple::cli
