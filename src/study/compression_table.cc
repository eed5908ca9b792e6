#include "study/compression_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "host/duration.h"
#include "host/error.h"
#include "host/suggest.h"
#include "study/summary.h"
#include "study/table.h"

namespace dimple::study {
namespace {

struct Column {
  const char *name, *title, *form;
  bool usual;
};

// `name` is a field of compress::Measurement, or what a cell adds to it.
constexpr Column kColumns[] = {
    {"accuracy", "accuracy", "{:.3f}", true},
    {"accuracy_deduplicated", "accuracy, deduplicated", "{:.3f}", true},
    {"balanced_accuracy", "balanced accuracy", "{:.3f}", true},
    {"f1_macro", "F1, macro", "{:.3f}", true},
    {"points_to_parent", "points to parent", "{:+.1f}", true},
    {"weight_bytes", "weight bytes", "{:.0f}", true},
    {"program_bytes", "program bytes", "{:.0f}", true},
    {"zipped_bytes", "zipped bytes", "{:.0f}", true},
    {"multiply_adds", "multiply-adds", "{:.0f}", true},
    {"arena_bytes", "arena bytes", "{:.0f}", true},
    {"here_us", "us here", "{:.0f}", true},
    {"phone_us", "us on a phone, estimated", "{:.0f}", true},
    {"validation_accuracy", "validation accuracy", "{:.3f}", false},
    {"parameters", "parameters", "{:.0f}", false},
    {"zeros", "zeros", "{:.0f}", false},
};

const Column& column_of(const std::string& name) {
  return *std::ranges::find_if(kColumns, [&](const Column& c) { return c.name == name; });
}

std::string cell_of(const Summary& s) {
  if (s.runs == 0) return "";
  const char* const form = column_of(s.column).form;
  const std::string mean = fmt::format(fmt::runtime(form), s.mean);
  return s.runs == 1 ? mean : fmt::format("{} ± {}", mean, fmt::format(fmt::runtime(form), s.spread));
}

}  // namespace

std::vector<std::string> usual_columns() {
  std::vector<std::string> names;
  for (const Column& c : kColumns)
    if (c.usual) names.emplace_back(c.name);
  return names;
}

void check_columns(const std::vector<std::string>& columns, const std::string& what) {
  std::vector<std::string> known;
  for (const Column& c : kColumns) known.emplace_back(c.name);
  for (const std::string& name : columns)
    if (std::ranges::find(known, name) == known.end())
      throw host::Error(host::Exit::usage, fmt::format("{}: no cell measures {}", what, name),
                        host::did_you_mean(name, known));
}

std::string print_compressions(const Study& study, const std::vector<MemberResult>& results) {
  std::vector<std::vector<std::string>> rows{row_axes(study)};
  for (const std::string& name : study.columns) rows[0].emplace_back(column_of(name).title);
  for (const char* name : {"runs", "epochs", "time of training"}) rows[0].emplace_back(name);
  for (const SummaryRow& row : summarise(study, results)) {
    std::vector<std::string> cells = row.labels;
    for (const Summary& s : row.figures) cells.push_back(cell_of(s));
    cells.push_back(row.runs == row.wanted ? std::to_string(row.runs) : fmt::format("{} of {}", row.runs, row.wanted));
    cells.push_back(row.epochs > 0 ? fmt::format("{:.0f}", row.epochs) : "");
    cells.push_back(row.seconds > 0 ? host::print_duration(row.seconds) : "");
    rows.push_back(std::move(cells));
  }
  return print_page(study, results,
                    markdown(rows) +
                        "\nAccuracies are those on test pictures; points to parent is the difference to the float "
                        "network that the row began from, in percent of the test pictures. Weights are packed as the "
                        "model's file holds them (float programs write shared values out); zipped is the program; us "
                        "here: microseconds for one face on one core of the machine below.\n");
}

}  // namespace dimple::study
