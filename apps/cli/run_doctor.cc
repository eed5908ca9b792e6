#include <fmt/format.h>

#include "host/error.h"
#include "verb.h"
#include "workflow/doctor.h"

namespace dimple::cli {

using host::Style;

int run_doctor(Invocation& call) {
  workflow::DoctorRequest request;
  if (!call.parse<workflow::DoctorReport>(request)) return 0;
  const workflow::DoctorReport report = workflow::doctor(request);
  for (const workflow::Finding& finding : report.findings) {
    const Style style = finding.fine ? Style::green : finding.needed ? Style::red : Style::dim;
    const char* mark = finding.fine ? "yes" : finding.needed ? "NO" : "no";
    call.print(fmt::format("{}  {}  {}\n", styled(call.out(), style, host::padded(mark, 3)),
                           host::padded(finding.what, 26), finding.detail));
  }
  call.print_report(report);
  return static_cast<int>(report.fine() ? host::Exit::fine : host::Exit::failed);
}

}  // namespace dimple::cli
