// dimple search
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "plot/axis.h"
#include "plot/terminal.h"
#include "search/search_files.h"
#include "search/watch.h"
#include "tell_study.h"
#include "tell_unfinished.h"
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

void tell_confirmed(Invocation& call, const search::SearchReport& report) {
  std::vector<std::vector<std::string>> rows;
  for (const search::ConfirmedReport& n : report.confirmed)
    rows.push_back({n.key, fmt::format("{:.4f}", n.score), fmt::format("{:.4f}", n.full_score),
                    search::text_of(n.full_nested), plot::short_number(n.cost)});
  call.print("\n" + plot::table({{"trained in full"},
                                 {report.score + " as a trial", true},
                                 {"in full", true},
                                 {"nested", true},
                                 {report.objective, true}},
                                rows, call.out()));
  if (report.confirmed_failed > 0) call.print(fmt::format("{} trainings in full failed\n", report.confirmed_failed));
  if (report.rank_correlation)
    call.print(fmt::format("rank correlation of trials and trainings in full: {:.2f}\n", *report.rank_correlation));
}

int tell_search(Invocation& call, const search::SearchReport& report) {
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
  if (!report.confirmed.empty()) tell_confirmed(call, report);
  call.print(fmt::format("\n{}\n", report.folder));
  call.print_report(report);
  if (report.finished && !report.found.missed.empty())
    throw host::Error(host::Exit::gate,
                      "no network meets all requirements; the nearest misses " +
                          fmt::format("{}", fmt::join(report.found.missed, "; and ")),
                      search::what_blocks(report.requirements));
  if (report.finished) return 0;
  return tell_unfinished(call, "search", report.folder, "every trial that ended is saved");
}

int tell_again(Invocation& call, const search::AgainReport& report) {
  if (report.failure.empty())
    call.print(fmt::format("trial {} again: {} {:.4f}, and it was {:.4f}{}\n\n{}\n", report.id, report.score,
                           report.now, report.before, report.same_weights ? "; every weight is the same" : "",
                           report.file));
  else
    call.print(fmt::format("trial {} again: failed: {}\n", report.id, report.failure));
  call.print_report(report);
  return 0;
}

int search_here(Invocation& call, const workflow::SearchRequest& request, const search::OnStore& on_store) {
  const workflow::SearchReport report = workflow::search(request, call.given(), call.task(), on_store);
  if (const auto* study = std::get_if<study::StudyReport>(&report)) return tell_study(call, *study);
  if (const auto* again = std::get_if<search::AgainReport>(&report)) return tell_again(call, *again);
  return tell_search(call, std::get<search::SearchReport>(report));
}

// Each process comes back twice: as itself, which searches and tells what it found, and as what watches it.
int search_watched(Invocation& call, workflow::SearchRequest& request) {
  search::Watch watch(request.search);
  while (true) {
    host::WatchedChild child;
    if (child.inside()) {
      request.search = watch.request();
      return search_here(call, request, [&](const std::filesystem::path& store) { child.tell(store.string()); });
    }
    const host::ChildEnd end = child.wait();
    if (!end.crash) return end.exit_code;
    call.progress().say(watch.hear(end));
  }
}

}  // namespace

int run_search(Invocation& call) {
  workflow::SearchRequest request;
  if (!call.parse<workflow::SearchReport>(request, "model")) return 0;
  if (workflow::is_watched(request)) return search_watched(call, request);
  return search_here(call, request, {});
}

}  // namespace dimple::cli
