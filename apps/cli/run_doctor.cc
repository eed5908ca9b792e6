#include <fmt/format.h>

#include "host/error.h"
#include "verbs.h"
#include "workflow/doctor.h"

namespace dimple::cli {

using host::Style;

int run_doctor(Invocation& invocation) {
  workflow::DoctorRequest request;
  if (!invocation.parse(request)) return 0;
  const workflow::DoctorReport report = workflow::doctor(request);
  host::Json json{{"schema", 1}, {"fine", report.fine()}, {"findings", host::Json::array()}};
  for (const workflow::Finding& finding : report.findings) {
    const Style style = finding.fine ? Style::green : finding.needed ? Style::red : Style::dim;
    const char* mark = finding.fine ? "yes" : finding.needed ? "NO" : "no";
    invocation.print(fmt::format("{}  {}  {}\n", styled(invocation.out(), style, host::padded(mark, 3)),
                                 host::padded(finding.what, 26), finding.detail));
    json["findings"].push_back(
        {{"what", finding.what}, {"fine", finding.fine}, {"needed", finding.needed}, {"detail", finding.detail}});
  }
  invocation.print_json(json);
  return static_cast<int>(report.fine() ? host::Exit::fine : host::Exit::failed);
}

}  // namespace dimple::cli
