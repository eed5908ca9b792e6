#include "workflow/report_search.h"

#include <fmt/format.h>

#include <sstream>

#include "host/files.h"
#include "host/json.h"
#include "ir/layer_table.h"
#include "model/model.h"
#include "plot/axis.h"

namespace dimple::workflow {
namespace {

namespace fs = std::filesystem;
using host::Json;

std::string if_there(const Json& network, const char* key, const std::string& what) {
  return network.contains(key) ? fmt::format("{:.4f}", host::json_value<double>(network, key, what)) : "";
}

// One network of the report as a row.
std::string row_of(const std::string& name, const Json& network, const std::string& what) {
  const auto number = [&](const char* key) { return host::json_value<double>(network, key, what); };
  return fmt::format("| {} | {:.4f} | {} | {} | {:.3f} | {} | {} | {} |\n", name, number("score"),
                     if_there(network, "nested", what), if_there(network, "test_score", what), number("quality"),
                     plot::short_number(number("parameters")), plot::short_number(number("multiply_adds")),
                     plot::short_number(number("cost")));
}

std::string steps_of(const Json& found, const std::string& what) {
  std::istringstream lines(host::json_value<std::string>(found, "path", what));
  std::string text;
  int number = 0;
  for (std::string line; std::getline(lines, line);) text += fmt::format("{}. `{}`\n", ++number, line);
  return text.empty() ? "Nothing was taken away.\n" : text;
}

// Of --confirm: what was trained in full, beside what its trials had said.
std::string confirmed_in(const Json& report, const std::string& score, const std::string& objective,
                         const std::string& what) {
  if (!report.contains("confirmed")) return {};
  std::string text = fmt::format(
      "\n## Trained in full\n\n| network | {} as a trial | in full | nested | {} |\n|---|---|---|---|---|\n", score,
      objective);
  for (const Json& network : report["confirmed"])
    text += fmt::format("| {} | {:.4f} | {:.4f} | {} | {} |\n", host::json_value<std::string>(network, "key", what),
                        host::json_value<double>(network, "score", what),
                        host::json_value<double>(network, "full_score", what), if_there(network, "full_nested", what),
                        plot::short_number(host::json_value<double>(network, "cost", what)));
  if (report.contains("rank_correlation"))
    text += fmt::format("\nRank correlation (Spearman) of trials and trainings in full: {:.2f}.\n",
                        host::json_value<double>(report, "rank_correlation", what));
  return text;
}

}  // namespace

bool is_search(const fs::path& folder) { return host::file_exists(folder / "search.sqlite"); }

SearchPage report_search(const fs::path& folder, const std::string& out) {
  const std::string what = (folder / "search.json").string();
  if (!host::file_exists(what))
    throw host::Error(host::Exit::usage, fmt::format("the search in {} was cut short", folder.string()),
                      fmt::format("dimple search --resume {} goes on with it", folder.string()));
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
  const fs::path beside = fs::absolute(page.path).parent_path(), picture = fs::absolute(folder / "search.svg");
  text += fmt::format("\n![every network that was scored]({})\n", picture.lexically_proximate(beside).generic_string());
  if (found.contains("missed")) {
    text += "\nIt does not meet all requirements:\n\n";
    for (const Json& missed : found["missed"]) text += fmt::format("- {}\n", missed.get<std::string>());
  }
  text += confirmed_in(report, score, objective, what);
  text += "\n## What was done to the first network\n\n" + steps_of(found, what);
  const auto layers = [&](const char* title, const fs::path& file) {
    if (host::file_exists(file))
      text += fmt::format("\n## {}\n\n```\n{}```\n", title, ir::print_layers(model::load_model(file.string()).graph));
  };
  layers("The network that was found", folder / "found.safetensors");
  layers("The network that it began with", folder / "first.safetensors");
  text += "\n`args.toml` has every setting, `trials.csv` every network that was scored.\n";
  host::write_atomic(page.path, text);
  return page;
}

}  // namespace dimple::workflow
