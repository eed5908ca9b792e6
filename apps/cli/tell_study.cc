#include "tell_study.h"

#include <fmt/format.h>

namespace dimple::cli {

int tell_study(Invocation& call, const study::StudyReport& report) {
  call.print(report.table);
  call.print_report(report);
  if (!report.finished)
    throw host::Error(call.task().cancelled() ? call.task().cancel_exit() : host::Exit::failed,
                      "stopped; what is done is in " + report.folder, "the same command goes on");
  if (report.failed > 0)
    throw host::Error(host::Exit::failed, fmt::format("{} of the runs failed", report.failed),
                      "the table says why; the same command tries them again");
  return 0;
}

}  // namespace dimple::cli
