#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "plot/terminal.h"
#include "verbs.h"
#include "workflow/augment_sheet.h"
#include "workflow/data.h"

namespace dimple::cli {
namespace {

int list_data(const Invocation& invocation) {
  std::vector<std::vector<std::string>> rows;
  for (const data::Importer& importer : data::importers())
    rows.push_back({importer.name, importer.what, importer.licence});
  invocation.print(plot::table({{"name"}, {"reads"}, {"licence"}}, rows, invocation.out()));
  invocation.print(
      "\nNone of them is shipped. docs/datasets.md tells where to ask for each, and what is known against it.\n");
  invocation.print_json(workflow::list_importers());
  return 0;
}

std::string groups_text(const workflow::DataReport& report) {
  constexpr size_t kShown = 6;
  std::string text;
  for (const auto& group : report.groups) {
    std::vector<std::string> words;
    for (size_t i = 0; i < std::min(kShown, group.values.size()); ++i)
      words.push_back(fmt::format("{} {}", group.values[i].first, group.values[i].second));
    if (group.values.size() > kShown) words.push_back(fmt::format("and {} more", group.values.size() - kShown));
    text += fmt::format("{}: {}\n", group.group, fmt::join(words, ", "));
  }
  return text;
}

std::string copies_text(const char* kind, const data::DuplicateReport& d) {
  return fmt::format(
      "{} groups of {} pictures, {} of them over more than one split, {} with labels that disagree\n"
      "  copies of training pictures: {} in validation, {} in test\n",
      d.groups, kind, d.spanning_groups, d.conflicting_groups, d.validation_copies, d.test_copies);
}

}  // namespace

int run_data(Invocation& invocation) {
  workflow::DataRequest request;
  if (!invocation.parse(request, "what")) return 0;
  if (request.what == std::vector<std::string>{"list"}) return list_data(invocation);
  if (request.what == std::vector<std::string>{"augment"}) {
    const std::string path = request.out.empty() ? "augment.png" : request.out;
    workflow::save_augment_sheet(path, request.recipe);
    invocation.print(fmt::format("wrote {}: what training does to pictures, on a drawn face\n", path));
    invocation.print_json({{"schema", 1}, {"sheet", path}});
    return 0;
  }
  const workflow::DataReport report = workflow::data(request, invocation.task());
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
  invocation.print("\n" + groups_text(report));
  for (const data::LeftOut& out : report.left_out)
    invocation.print(fmt::format("{} pictures left out: {}\n", out.pictures, out.why));
  if (!report.quarantine.empty())
    invocation.print(fmt::format("{} bad files, first {}: {}\n", report.quarantine.size(), report.quarantine[0].file,
                                 report.quarantine[0].why));
  invocation.print(copies_text("byte-identical", report.duplicates));
  if (request.what[0] == "check") invocation.print(copies_text("all but identical", report.similar));
  if (report.shared_subjects > 0)
    invocation.print(fmt::format("{} people are in more than one split\n", report.shared_subjects));
  invocation.print(fmt::format("{} rows marked doubtful\nsha256 {}\n", report.doubtful, report.sha256));
  for (const std::string& file : report.files) invocation.print(fmt::format("wrote {}\n", file));
  if (!report.folder.empty()) invocation.print(fmt::format("{}\n", report.folder));
  invocation.print_json(workflow::to_json(report));
  return 0;
}

}  // namespace dimple::cli
