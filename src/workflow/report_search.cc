#include "workflow/report_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <sstream>
#include <vector>

#include "host/files.h"
#include "host/json.h"
#include "ir/layer_table.h"
#include "model/model.h"
#include "plot/axis.h"
#include "workflow/search_tree.h"

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

// What two networks have alike stands once, what differs behind an arrow.
std::string either(const std::string& before, const std::string& after) {
  return before == after ? before : fmt::format("{} -> **{}**", before.empty() ? "-" : before, after);
}

std::string count_of(int64_t multiply_adds) { return plot::short_number(static_cast<double>(multiply_adds)); }

// Both networks as one table, layer by layer.
std::string layers_beside(const ir::Graph& first, const ir::Graph& found) {
  const std::vector<ir::LayerRow> before = ir::layer_rows(first), after = ir::layer_rows(found);
  std::string text = "| layer | operator | window | channels | output | multiply-adds |\n|---|---|---|---|---|---|\n";
  for (const auto& [a, b] : ir::side_by_side(before, after)) {
    if (a && b)
      text += fmt::format("| {} | {} | {} | {} | {} | {} |\n", b->name, either(a->op, b->op),
                          either(a->window, b->window), either(a->channels, b->channels), either(a->output, b->output),
                          either(count_of(a->multiply_adds), count_of(b->multiply_adds)));
    else if (b)
      text += fmt::format("| **{}** | **{}** | {} | {} | {} | new, {} |\n", b->name, b->op, b->window, b->channels,
                          b->output, count_of(b->multiply_adds));
    else
      text += fmt::format("| {} | {} | {} | {} | {} | {} -> **gone** |\n", a->name, a->op, a->window, a->channels,
                          a->output, count_of(a->multiply_adds));
  }
  return text;
}

// The best of them by quality; all of a short search.
std::string trials_table(std::vector<TriedNetwork> all, const TreeNames& names) {
  constexpr size_t kMostRows = 40;
  std::string text = fmt::format(
      "| trial | {} | nested | quality | {} | seconds | beside the one that it came from "
      "|\n|---|---|---|---|---|---|---|\n",
      names.score, names.objective);
  std::vector<size_t> order(all.size());
  std::iota(order.begin(), order.end(), size_t{0});
  if (all.size() > kMostRows) {
    std::ranges::stable_sort(order, std::greater{}, [&](size_t i) { return all[i].quality; });
    order.resize(kMostRows);
  }
  for (const size_t i : order) {
    const TriedNetwork& n = all[i];
    text += fmt::format("| {} | {:.4f} | {} | {:.3f} | {} | {:.0f} | {} |\n", n.id, n.score,
                        n.nested ? fmt::format("{:.4f}", *n.nested) : "", n.quality, plot::short_number(n.cost),
                        n.seconds, changes_of(n, all));
  }
  if (all.size() > kMostRows) text += fmt::format("\nThe best {} of {} that were scored.\n", kMostRows, all.size());
  return text;
}

// Of a design: which requirement the networks met, and which one blocks.
std::string requirements_in(const Json& report, const std::string& what) {
  if (!report.contains("requirements")) return {};
  std::string text = "\n| requirement | networks that meet it | the best has |\n|---|---|---|\n";
  for (const Json& r : report["requirements"])
    text += fmt::format("| {} | {} | {} |\n", host::json_value<std::string>(r, "requirement", what),
                        host::json_value<int64_t>(r, "met_by", what),
                        plot::short_number(host::json_value<double>(r, "best", what)));
  return text;
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

// Of a walk; a design has none.
double floor_of(const fs::path& folder, const Json& report) {
  const std::string file = (folder / "args.toml").string();
  if (report.contains("front") || !host::file_exists(file)) return 0;
  return host::json_value<double>(host::parse_toml(host::read_text(file), file), "floor", file);
}

// Pictures lie beside the page and bear its name: report.md, report_tree.svg.
class PagePictures {
 public:
  explicit PagePictures(const fs::path& page) : page_(fs::absolute(page)) {}

  std::string text(const std::string& what, const fs::path& picture) const {
    return fmt::format("\n![{}]({})\n", what,
                       fs::absolute(picture).lexically_proximate(page_.parent_path()).generic_string());
  }
  std::string draw(const std::string& what, const std::string& name, const std::string& svg) const {
    const fs::path file = page_.parent_path() / fmt::format("{}_{}.svg", page_.stem().string(), name);
    host::write_atomic(file, svg);
    return text(what, file);
  }

 private:
  fs::path page_;
};

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
  const TreeNames names{score, objective, host::json_value<std::string>(found, "key", what), floor_of(folder, report)};
  const std::vector<TriedNetwork> tried = load_tried(folder / "trials.csv", objective);
  const PagePictures pictures(page.path);
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
  text += pictures.text("every network that was scored", folder / "search.svg");
  if (found.contains("missed")) {
    text += "\nIt does not meet all requirements:\n\n";
    for (const Json& missed : found["missed"]) text += fmt::format("- {}\n", missed.get<std::string>());
  }
  text += requirements_in(report, what);
  text += pictures.draw("the front", "front", draw_front(tried, names));
  text += confirmed_in(report, score, objective, what);
  text += "\n## What was done to the first network\n\n" + steps_of(found, what);
  text += pictures.draw("what came from what", "tree", draw_search_tree(tried, names));
  const fs::path files[] = {folder / "first.safetensors", folder / "found.safetensors"};
  if (host::file_exists(files[0]) && host::file_exists(files[1]))
    text += "\n## The first network and the one that was found\n\n" +
            layers_beside(model::load_model(files[0].string()).graph, model::load_model(files[1].string()).graph);
  text += "\n## Trials\n\n" + trials_table(tried, names);
  text += "\n`args.toml` has every setting, `trials.csv` every network that was scored.\n";
  host::write_atomic(page.path, text);
  return page;
}

}  // namespace dimple::workflow
