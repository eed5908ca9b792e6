#include <fmt/format.h>

#include "plot/terminal.h"
#include "verbs.h"
#include "workflow/augment_sheet.h"
#include "workflow/data.h"

namespace dimple::cli {

int run_data(Invocation& invocation) {
  workflow::DataRequest request;
  if (!invocation.parse(request, "what")) return 0;
  if (request.what == std::vector<std::string>{"augment"}) {
    const std::string path = request.out.empty() ? "augment.png" : request.out;
    workflow::save_augment_sheet(path, request.recipe);
    invocation.print(fmt::format("wrote {}: what training does to pictures, on a drawn face\n", path));
    invocation.print_json({{"schema", 1}, {"sheet", path}});
    return 0;
  }
  const workflow::DataReport report = workflow::data(request, invocation.progress());
  std::vector<plot::Column> columns{{"split"}, {"pictures", true}};
  for (const std::string& name : report.classes) columns.push_back({name, true});
  std::vector<std::vector<std::string>> rows;
  for (const auto& split : report.splits) {
    rows.push_back({split.split, std::to_string(split.pictures)});
    for (const int64_t count : split.count) rows.back().push_back(std::to_string(count));
  }
  invocation.print(fmt::format("{}: {} pictures of {}{}{}\n\n", report.name, report.pictures, report.size,
                               report.subjects > 0 ? fmt::format(", {} people", report.subjects) : "",
                               report.votes ? ", with people's votes" : ""));
  invocation.print(plot::table(columns, rows, invocation.out()));
  const data::DuplicateReport& d = report.duplicates;
  invocation.print(fmt::format(
      "\n{} groups of byte-identical pictures, {} of them over more than one split, {} with labels that disagree\n"
      "copies of training pictures: {} in validation, {} in test\n{} rows marked doubtful\nsha256 {}\n",
      d.groups, d.spanning_groups, d.conflicting_groups, d.validation_copies, d.test_copies, report.doubtful,
      report.sha256));
  if (!report.cache.empty()) invocation.print(fmt::format("wrote {} ({} bytes)\n", report.cache, report.cache_bytes));
  invocation.print_json(workflow::to_json(report));
  return 0;
}

}  // namespace dimple::cli
