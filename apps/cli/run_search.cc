// dimple search
#include <fmt/format.h>

#include "plot/axis.h"
#include "plot/terminal.h"
#include "search/search_files.h"
#include "verb.h"
#include "workflow/lab/search.h"

namespace dimple::cli {
namespace {

std::vector<std::string> row_of(const std::string& name, const search::NetworkReport& n) {
  return {name,
          fmt::format("{:.4f}", n.score),
          search::text_of(n.nested),
          search::text_of(n.test_score),
          fmt::format("{:.3f}", n.quality),
          plot::short_number(static_cast<double>(n.parameters)),
          plot::short_number(static_cast<double>(n.multiply_adds)),
          plot::short_number(n.cost)};
}

std::vector<std::vector<std::string>> rows_of(const search::SearchReport& report) {
  std::vector<std::vector<std::string>> rows{row_of("first", report.first), row_of("found", report.found)};
  for (const search::NetworkReport& n : report.front) rows.push_back(row_of("front", n));
  return rows;
}

}  // namespace

int run_search(Invocation& call) {
  workflow::SearchRequest request;
  if (!call.parse<workflow::SearchReport>(request, "model")) return 0;
  const workflow::SearchReport report = workflow::search(request, call.task());
  if (!report.leads) return 0;  // one of several processes, and not the one that reports
  call.print(fmt::format("{} networks were tried, {} of them failed\n\n", report.trials, report.failed));
  if (report.trials > 0) {
    call.print(plot::table({{"network"},
                            {report.score, true},
                            {"nested", true},
                            {"test", true},
                            {"quality", true},
                            {"parameters", true},
                            {"mult-adds", true},
                            {report.objective, true}},
                           rows_of(report), call.out()));
    const std::string steps = report.found.path.empty() ? "no smaller network was found\n" : report.found.path;
    call.print("\n" + (report.front.empty() ? steps : report.found.layers));
  }
  call.print(fmt::format("\n{}\n", report.folder));
  call.print_report(report);
  if (report.finished && !report.found.missed.empty())
    throw host::Error(host::Exit::gate,
                      "no network meets all requirements; the nearest misses " + report.found.missed[0],
                      "more trials, a larger prototype, or another requirement");
  if (report.finished) return 0;
  const std::string how = "dimple search --resume " + report.folder;
  if (call.task().cancelled())
    throw host::Error(call.task().cancel_exit(), "stopped; every trial that ended is saved", how + " goes on");
  call.print("out of time; " + how + " goes on\n");
  return 0;
}

}  // namespace dimple::cli
