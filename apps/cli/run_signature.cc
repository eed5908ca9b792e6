#include "workflow/signature.h"

#include <fmt/format.h>

#include "host/error.h"
#include "plot/terminal.h"
#include "verb.h"

namespace dimple::cli {

using host::Exit;
using host::Style;
using workflow::MachineResult;

namespace {

std::vector<std::string> row_of(const MachineResult& machine, const host::Terminal& terminal) {
  if (!machine.ran()) {
    return {machine.machine,
            styled(terminal, machine.outcome == "failed" ? Style::red : Style::dim, machine.outcome),
            "",
            "",
            "",
            "",
            machine.reason};
  }
  const std::string arena = fmt::format("{} of {}", machine.result.arena_used, machine.result.arena_planned);
  const char* touched = machine.result.guard_changed == 0 ? "" : "wrote outside its arena";
  return {machine.machine,
          workflow::print_signature(machine.result.signature),
          workflow::print_signature(machine.result.answers),
          arena,
          fmt::format("{} of {}", machine.result.own_steps, machine.result.steps),
          fmt::format("{:.1f} s", machine.seconds),
          touched};
}

}  // namespace

int run_signature(Invocation& call) {
  workflow::SignatureRequest request;
  if (!call.parse<workflow::SignatureReport>(request, "model")) return 0;
  const workflow::SignatureReport report = workflow::signature(request, call.task());
  if (request.all) {
    std::vector<std::vector<std::string>> rows;
    for (const MachineResult& machine : report.machines) rows.push_back(row_of(machine, call.out()));
    call.print(plot::table(
        {{"machine"}, {"signature"}, {"answers"}, {"arena used", true}, {"own kernels", true}, {"time", true}, {""}},
        rows, call.out()));
  } else {
    call.print(workflow::print_signature(report.signature()) + "\n");
  }
  call.print_report(report);
  if (!report.equal) throw host::Error(Exit::gate, "the machines do not agree");
  if (!report.arena_exact) throw host::Error(Exit::gate, "a machine used another arena than was planned");
  return 0;
}

}  // namespace dimple::cli
