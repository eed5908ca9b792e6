#include "study/table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "host/duration.h"
#include "host/error.h"
#include "host/files.h"
#include "study/summary.h"

namespace dimple::study {
namespace {

using host::Json;

std::string cell(const Summary& s) {
  if (s.runs == 0) return "";
  const std::string range = fmt::format("{:.3f} to {:.3f}", s.interval.low, s.interval.high);
  return s.runs == 1 ? fmt::format("{:.3f} ({})", s.mean, range)
                     : fmt::format("{:.3f} ± {:.3f} ({})", s.mean, s.spread, range);
}

std::string main_table(const Study& study, const std::vector<MemberResult>& results) {
  std::vector<std::vector<std::string>> rows{row_axes(study)};
  for (const std::string& column : study.columns) rows[0].push_back(column);
  const std::vector<SummaryRow> summary = summarise(study, results);
  const bool counts_epochs = std::ranges::any_of(summary, [](const SummaryRow& row) { return row.epochs > 0; });
  for (const char* name : {"runs", "parameters", "M multiply-adds"}) rows[0].emplace_back(name);
  if (counts_epochs) rows[0].emplace_back("epochs");
  rows[0].emplace_back("time of a run");
  std::set<std::string> arithmetic;  // of all: where it differs, it is part of a comparison by the clock
  for (const SummaryRow& row : summary) arithmetic.insert(row.arithmetic.begin(), row.arithmetic.end());
  if (arithmetic.size() > 1) rows[0].emplace_back("arithmetic");
  for (const SummaryRow& row : summary) {
    std::vector<std::string> cells = row.labels;
    for (const Summary& s : row.figures) cells.push_back(cell(s));
    cells.push_back(row.runs == row.wanted ? std::to_string(row.runs) : fmt::format("{} of {}", row.runs, row.wanted));
    cells.push_back(row.runs > 0 ? fmt::format("{}", row.parameters) : "");
    cells.push_back(row.runs > 0 ? fmt::format("{:.1f}", static_cast<double>(row.multiply_adds) / 1e6) : "");
    if (counts_epochs) cells.push_back(row.runs > 0 ? fmt::format("{:.0f}", row.epochs) : "");
    cells.push_back(row.runs > 0 ? host::print_duration(row.seconds) : "");
    if (arithmetic.size() > 1) cells.push_back(fmt::format("{}", fmt::join(row.arithmetic, ", ")));
    rows.push_back(std::move(cells));
  }
  return markdown(rows);
}

// A table for each group of pictures (ethnicity, mouth) in the test data: balanced accuracy, mean of the runs.
std::string slice_tables(const Study& study, const std::vector<MemberResult>& results) {
  using Row = std::map<std::string, std::vector<double>>;  // by value
  std::map<std::string, std::set<std::string>> groups;
  std::map<std::string, std::map<std::vector<std::string>, Row>> found;
  for (const MemberResult& r : results) {
    if (!has_run(r)) continue;
    const Json slices = r.result["figures"].value("slices", Json::object());
    for (const auto& [group, values] : slices.items())
      for (const auto& [value, figures] : values.items()) {
        groups[group].insert(value);
        found[group][row_labels(study, r.member)][value].push_back(number_or_nan(figures, "balanced_accuracy"));
      }
  }
  std::string text;
  for (const auto& [group, values] : groups) {
    std::vector<std::vector<std::string>> rows{row_axes(study)};
    rows[0].insert(rows[0].end(), values.begin(), values.end());
    for (auto& [labels, by_value] : found[group]) {
      rows.push_back(labels);
      for (const std::string& value : values) {
        const auto& of = by_value[value];
        const double sum = std::accumulate(of.begin(), of.end(), 0.0);
        rows.back().push_back(of.empty() ? "" : fmt::format("{:.3f}", sum / static_cast<double>(of.size())));
      }
    }
    text += fmt::format("\n## Balanced accuracy by {}\n\n{}", group, markdown(rows));
  }
  return text;
}

// The machines, programs and data that the figures come from: a line for each field, with all values that occur.
std::string circumstances(const std::vector<MemberResult>& results) {
  std::map<std::string, std::set<std::string>> seen;
  for (const MemberResult& r : results) {
    if (!has_run(r)) continue;
    const Json made_with = r.result.value("circumstances", Json::object());
    for (const auto& [name, value] : made_with.items())
      seen[name].insert(value.is_string() ? value.get<std::string>() : value.dump());
  }
  std::string text;
  for (const auto& [name, values] : seen) text += fmt::format("- {}: {}\n", name, fmt::join(values, "; "));
  return text.empty() ? text : "\n## Circumstances\n\n" + text;
}

}  // namespace

std::string markdown(const std::vector<std::vector<std::string>>& rows) {
  std::string text;
  for (size_t r = 0; r < rows.size(); ++r) {
    text += fmt::format("| {} |\n", fmt::join(rows[r], " | "));
    if (r > 0) continue;
    text += "|";
    for (size_t i = 0; i < rows[0].size(); ++i) text += "---|";
    text += "\n";
  }
  return text;
}

std::string print_table(const Study& study, const std::vector<MemberResult>& results) {
  return print_page(study, results,
                    main_table(study, results) +
                        "\nMean ± standard deviation between runs (95 % interval: of the mean by drawing runs; for one "
                        "run by drawing people or pictures).\n" +
                        slice_tables(study, results));
}

std::string print_page(const Study& study, const std::vector<MemberResult>& results, const std::string& tables) {
  std::string text = "# " + study.title + "\n\n";
  if (!study.note.empty()) text += study.note + "\n\n";
  text += tables + circumstances(results);
  std::string failed;
  for (const MemberResult& r : results)
    if (r.result.contains("error"))
      failed += fmt::format("- {}: {}\n", r.member.name, r.result["error"].get<std::string>());
  return failed.empty() ? text : text + "\n## Failed\n\n" + failed;
}

std::filesystem::path page_of(const std::filesystem::path& folder) {
  std::filesystem::path page = std::filesystem::absolute(folder).lexically_normal();
  if (!page.has_filename()) page = page.parent_path();
  if (page == std::filesystem::current_path())
    throw host::Error(host::Exit::usage, "the results need a folder of their own", "for example --out results");
  return page += ".md";
}

void write_tables(const Study& study, const std::filesystem::path& folder, const std::vector<MemberResult>& results,
                  const std::string& page) {
  host::write_atomic(page_of(folder), page);
  host::write_atomic(folder / "summary.json", host::to_json(summary_of(study, results)).dump(2) + "\n");
}

}  // namespace dimple::study
