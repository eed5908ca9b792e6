#include <fmt/format.h>

#include "plot/terminal.h"
#include "verbs.h"
#include "workflow/models.h"

namespace dimple::cli {
namespace {

host::Json json_of(const workflow::ModelRow& row) {
  return {{"name", row.name},
          {"labels", row.labels},
          {"dtype", row.dtype},
          {"input", row.input},
          {"parameters", row.parameters},
          {"statistics", row.statistics},
          {"weight_bytes", row.weight_bytes},
          {"multiply_adds", row.multiply_adds},
          {"arena_bytes", row.arena_bytes},
          {"program_bytes", row.program_bytes},
          {"accuracy", row.accuracy},
          {"what", row.what}};
}

std::string kilobytes(int64_t bytes) { return fmt::format("{:.1f} kB", static_cast<double>(bytes) / 1000); }

}  // namespace

int run_models(Invocation& invocation) {
  workflow::ModelsRequest request;
  if (!invocation.parse(request, "show")) return 0;
  const workflow::ModelsReport report = workflow::models(request);
  std::vector<std::vector<std::string>> rows;
  host::Json json{{"schema", 1}, {"models", host::Json::array()}};
  for (const workflow::ModelRow& row : report.models) {
    rows.push_back({row.name, row.dtype, row.input, std::to_string(row.parameters), kilobytes(row.weight_bytes),
                    fmt::format("{:.2f} M", static_cast<double>(row.multiply_adds) / 1e6),
                    row.arena_bytes > 0 ? kilobytes(row.arena_bytes) : "", row.accuracy});
    json["models"].push_back(json_of(row));
  }
  if (rows.empty()) {
    invocation.print("no models were built into this program\n");
  } else {
    invocation.print(plot::table({{"model"},
                                  {"type"},
                                  {"input"},
                                  {"parameters", true},
                                  {"weights", true},
                                  {"multiply-adds", true},
                                  {"arena", true},
                                  {"accuracy", true}},
                                 rows, invocation.out()));
  }
  if (!report.details.empty()) invocation.print("\n" + report.details);
  for (const workflow::ModelRow& row : report.models) {
    if (row.labels.empty() || !request.show.empty()) continue;
    std::string labels;
    for (const std::string& label : row.labels) labels += (labels.empty() ? "" : ", ") + label;
    invocation.print(fmt::format("\n{} tells apart: {}\n", row.name, labels));
  }
  if (!report.details.empty()) json["details"] = report.details;
  invocation.print_json(json);
  return 0;
}

}  // namespace dimple::cli
