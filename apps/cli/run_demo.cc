#include <fmt/format.h>

#include "plot/terminal.h"
#include "verb.h"
#include "workflow/demo.h"

namespace dimple::cli {

int run_demo(Invocation& call) {
  workflow::DemoRequest request;
  if (!call.parse<workflow::DemoReport>(request, "out")) return 0;
  const workflow::DemoReport report = workflow::demo(request, call.task());
  for (const workflow::DemoFrame& frame : report.frames) {
    call.print(fmt::format("smile {:5.2f}  open {:4.2f}  {} {} {:3.0f} %\n", frame.drawn.smile, frame.drawn.open,
                           host::padded(frame.face.shown(), 9), plot::bar(frame.face.score, 24, call.out()),
                           100 * frame.face.score));
  }
  if (!report.film.empty()) call.print(fmt::format("written to {}\n", report.film));
  call.print_report(report);
  return 0;
}

}  // namespace dimple::cli
