#include "workflow/report_search.h"

#include <fmt/format.h>

#include <sstream>

#include "host/files.h"
#include "host/json.h"
#include "ir/layer_table.h"
#include "model/model.h"

namespace dimple::workflow {
namespace {

namespace fs = std::filesystem;
using host::Json;

std::string short_count(double value) {
  for (const auto& [unit, size] : {std::pair(" G", 1e9), {" M", 1e6}, {" k", 1e3}})
    if (value >= size) return fmt::format("{:.3g}{}", value / size, unit);
  return fmt::format("{:.4g}", value);
}

// One network of the report as a row.
std::string row_of(const std::string& name, const Json& network, const std::string& what) {
  const auto number = [&](const char* key) { return host::json_value<double>(network, key, what); };
  const std::string test = network.contains("test_score") ? fmt::format("{:.4f}", number("test_score")) : "";
  return fmt::format("| {} | {:.4f} | {:.4f} | {} | {:.3f} | {} | {} | {} |\n", name, number("score"), number("nested"),
                     test, number("quality"), short_count(number("parameters")), short_count(number("multiply_adds")),
                     short_count(number("cost")));
}

std::string steps_of(const Json& found, const std::string& what) {
  std::istringstream lines(host::json_value<std::string>(found, "path", what));
  std::string text;
  int number = 0;
  for (std::string line; std::getline(lines, line);) text += fmt::format("{}. `{}`\n", ++number, line);
  return text.empty() ? "Nothing was taken away.\n" : text;
}

}  // namespace

bool is_search(const fs::path& folder) { return host::file_exists(folder / "search.json"); }

SearchPage report_search(const fs::path& folder, const std::string& out) {
  const std::string what = (folder / "search.json").string();
  const Json report = host::parse_json(host::read_text(what), what);
  SearchPage page{out.empty() ? (folder / "report.md").string() : out,
                  host::json_value<int64_t>(report, "trials", what)};
  const Json first = host::json_value<Json>(report, "first", what),
             found = host::json_value<Json>(report, "found", what);
  const std::string objective = host::json_value<std::string>(report, "objective", what);
  const std::string score = host::json_value<std::string>(report, "score", what);
  std::string text = fmt::format("# A network for less {}\n\n", objective);
  text += fmt::format(
      "{} networks were tried in {:.1f} minutes, {} failed. Scores are {}: on validation pictures, by which "
      "decisions were made, and on nested ones, which no decision saw.\n\n",
      page.trials, host::json_value<double>(report, "seconds", what) / 60,
      host::json_value<int64_t>(report, "failed", what), score);
  text +=
      fmt::format("| network | {} | nested | test | quality | parameters | multiply-adds | {} |\n", score, objective);
  text += "|---|---|---|---|---|---|---|---|\n";
  text += row_of("first", first, what) + row_of("found", found, what);
  if (report.contains("front"))
    for (const Json& network : report["front"]) text += row_of("front", network, what);
  text += "\n![every network that was tried](search.svg)\n";
  if (found.contains("missed")) {
    text += "\nIt does not meet all requirements:\n\n";
    for (const Json& missed : found["missed"]) text += fmt::format("- {}\n", missed.get<std::string>());
  }
  text += "\n## What was done to the first network\n\n" + steps_of(found, what);
  const auto layers = [&](const char* title, const fs::path& file) {
    if (host::file_exists(file))
      text += fmt::format("\n## {}\n\n```\n{}```\n", title, ir::print_layers(model::load_model(file.string()).graph));
  };
  layers("The network that was found", folder / "found.safetensors");
  layers("The network that it began with", folder / "first.safetensors");
  text += "\n`args.toml` has every setting, `trials.csv` every network that was tried.\n";
  host::write_atomic(page.path, text);
  return page;
}

}  // namespace dimple::workflow
