#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <variant>

#include "plot/terminal.h"
#include "verb.h"
#include "workflow/augment_sheet.h"
#include "workflow/data.h"

namespace dimple::cli {
namespace {

int show_importers(const Invocation& call, const workflow::ImportersReport& report) {
  std::vector<std::vector<std::string>> rows;
  for (const workflow::ImporterSummary& importer : report.importers)
    rows.push_back({importer.name, importer.reads, importer.licence});
  call.print(plot::table({{"name"}, {"reads"}, {"licence"}}, rows, call.out()));
  call.print(
      "\nNone of them is shipped. docs/datasets.md tells where to ask for each, and what is known against it.\n");
  call.print_report(report);
  return 0;
}

int show_sheet(const Invocation& call, const workflow::SheetReport& report) {
  call.print(fmt::format("wrote {}: what training does to pictures, on a drawn face\n", report.sheet));
  call.print_report(report);
  return 0;
}

std::string groups_text(const workflow::DataReport& report) {
  constexpr size_t kShown = 6;
  std::string text;
  for (const auto& [group, values] : report.groups) {
    std::vector<std::string> words;
    for (size_t i = 0; i < std::min(kShown, values.size()); ++i)
      words.push_back(fmt::format("{} {}", values[i].first, values[i].second));
    if (values.size() > kShown) words.push_back(fmt::format("and {} more", values.size() - kShown));
    text += fmt::format("{}: {}\n", group, fmt::join(words, ", "));
  }
  return text;
}

std::string copies_text(const char* kind, const data::DuplicateReport& d) {
  return fmt::format(
      "{} groups of {} pictures, {} of them over more than one split, {} with labels that disagree\n"
      "  copies of training pictures: {} in validation, {} in test\n",
      d.groups, kind, d.spanning_groups, d.conflicting_groups, d.validation_copies, d.test_copies);
}

std::string split_table(const workflow::DataReport& report, const host::Terminal& terminal) {
  std::vector<plot::Column> columns{{"split"}, {"pictures", true}};
  for (const std::string& name : report.classes) columns.push_back({name, true});
  std::vector<std::vector<std::string>> rows;
  for (const auto& [split, counts] : report.splits) {
    rows.push_back({split, std::to_string(counts.pictures)});
    for (const auto& [label, count] : counts.classes) rows.back().push_back(std::to_string(count));
  }
  return plot::table(columns, rows, terminal);
}

int show_data(const Invocation& call, const workflow::DataReport& report, bool checked) {
  call.print(fmt::format("{}: {} pictures of {}{}{}\n\n", report.name, report.pictures, report.size,
                         report.subjects > 0 ? fmt::format(", {} people", report.subjects) : "",
                         report.votes ? ", with people's votes" : ""));
  call.print(split_table(report, call.out()) + "\n" + groups_text(report));
  for (const auto& [why, pictures] : report.left_out)
    call.print(fmt::format("{} pictures left out: {}\n", pictures, why));
  if (!report.quarantine.empty())
    call.print(fmt::format("{} bad files, first {}: {}\n", report.quarantine.size(), report.quarantine[0].file,
                           report.quarantine[0].why));
  call.print(copies_text("byte-identical", report.duplicates));
  if (checked) call.print(copies_text("all but identical", report.similar));
  if (report.shared_subjects > 0)
    call.print(fmt::format("{} people are in more than one split\n", report.shared_subjects));
  call.print(fmt::format("{} rows marked doubtful\nsha256 {}\n", report.doubtful, report.sha256));
  for (const std::string& file : report.files) call.print(fmt::format("wrote {}\n", file));
  if (!report.folder.empty()) call.print(fmt::format("{}\n", report.folder));
  call.print_report(report);
  return 0;
}

}  // namespace

int run_data(Invocation& call) {
  workflow::DataRequest request;
  using Reports = std::variant<workflow::DataReport, workflow::ImportersReport, workflow::SheetReport>;
  if (!call.parse<Reports>(request, "what")) return 0;
  const std::string action = request.what.empty() ? "" : request.what[0];
  if (action == "list" && request.what.size() == 1) return show_importers(call, workflow::list_importers());
  if (action == "augment" && request.what.size() == 1)
    return show_sheet(call, workflow::save_augment_sheet(request.out, request.recipe));
  return show_data(call, workflow::data(request, call.task()), action == "check");
}

}  // namespace dimple::cli
