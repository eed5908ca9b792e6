#include "workflow/signature.h"

#include <fmt/format.h>

#include "host/error.h"
#include "plot/terminal.h"
#include "verbs.h"

namespace dimple::cli {

using host::Exit;
using host::Style;
using workflow::MachineRow;

namespace {

std::vector<std::string> row_of(const MachineRow& row, const host::Terminal& terminal) {
  if (!row.ran()) {
    return {row.machine, styled(terminal, row.outcome == "failed" ? Style::red : Style::dim, row.outcome), "", "", "",
            row.reason};
  }
  const std::string arena = fmt::format("{} of {}", row.result.arena_used, row.result.arena_planned);
  const std::string own = fmt::format("{} of {}", row.result.own_steps, row.result.steps);
  const char* touched = row.result.guard_changed == 0 ? "" : "wrote outside its arena";
  return {
      row.machine, workflow::print_signature(row.result.signature), arena, own, fmt::format("{:.1f} s", row.seconds),
      touched};
}

host::Json json_of(const MachineRow& row) {
  host::Json json{{"machine", row.machine}, {"outcome", row.outcome}, {"reason", row.reason}};
  if (row.ran()) {
    json["signature"] = workflow::print_signature(row.result.signature);
    json["arena_planned"] = row.result.arena_planned;
    json["arena_used"] = row.result.arena_used;
    json["guard_changed"] = row.result.guard_changed;
    json["pictures"] = row.result.pictures;
    json["steps"] = row.result.steps;
    json["own_steps"] = row.result.own_steps;
  }
  json["seconds"] = row.seconds;
  return json;
}

}  // namespace

int run_signature(Invocation& invocation) {
  workflow::SignatureRequest request;
  if (!invocation.parse(request, "model")) return 0;
  const workflow::SignatureReport report = workflow::signature(request, invocation.task());
  host::Json json{{"schema", 1},
                  {"model", report.model},
                  {"signature", workflow::print_signature(report.signature())},
                  {"program_bytes", report.program_bytes},
                  {"equal", report.equal},
                  {"arena_exact", report.arena_exact},
                  {"machines", host::Json::array()}};
  std::vector<std::vector<std::string>> rows;
  for (const MachineRow& row : report.rows) {
    rows.push_back(row_of(row, invocation.out()));
    json["machines"].push_back(json_of(row));
  }
  if (request.all) {
    invocation.print(
        plot::table({{"machine"}, {"signature"}, {"arena used", true}, {"own kernels", true}, {"time", true}, {""}},
                    rows, invocation.out()));
  } else {
    invocation.print(workflow::print_signature(report.signature()) + "\n");
  }
  invocation.print_json(json);
  if (!report.equal) throw host::Error(Exit::gate, "the machines do not agree");
  if (!report.arena_exact) throw host::Error(Exit::gate, "a machine used another arena than was planned");
  return 0;
}

}  // namespace dimple::cli
