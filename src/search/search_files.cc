#include "search/search_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "host/csv.h"
#include "host/files.h"
#include "plot/axis.h"
#include "plot/charts.h"

namespace dimple::search {
namespace {

std::string in_one_line(std::string path) {
  if (path.ends_with('\n')) path.pop_back();
  std::string line;
  for (const char c : path) line += c == '\n' ? "; " : std::string(1, c);
  return line;
}

std::string table_of(const std::vector<TrialPoint>& points, const std::string& objective) {
  std::string csv = host::csv_line(
      {"id", "key", "heir", "score", "nested", "accuracy", "quality", objective, "epochs", "seconds", "path"});
  const auto digits = [](double value) { return fmt::format("{:.5f}", value); };
  for (const TrialPoint& p : points) {
    const TrialResult& r = p.record.result;
    csv += host::csv_line({std::to_string(p.record.id), p.record.key, p.record.heir, digits(r.score),
                           r.nested ? digits(*r.nested) : "", digits(r.accuracy), digits(p.quality),
                           fmt::format("{}", p.cost), std::to_string(r.epochs), fmt::format("{:.2f}", r.seconds),
                           in_one_line(p.record.path)});
  }
  return csv;
}

std::string picture_of(const SearchReport& report, const std::vector<TrialPoint>& points, double floor) {
  plot::TreeChart chart;
  chart.title =
      fmt::format("{} networks scored, from {} to {} {}", points.size(), plot::short_number(report.first.cost),
                  plot::short_number(report.found.cost), report.objective);
  chart.note =
      fmt::format("{} on validation pictures {:.3f} to {:.3f}", report.score, report.first.score, report.found.score);
  if (report.first.nested && report.found.nested)
    chart.note +=
        fmt::format(", on pictures that no decision saw {:.3f} to {:.3f}", *report.first.nested, *report.found.nested);
  chart.x_title = report.objective;
  chart.y_title = fmt::format("share of the first network's {} above chance", report.score);
  if (std::isfinite(floor)) chart.level = floor, chart.level_name = fmt::format("floor {:g}", floor);
  std::map<std::string, ptrdiff_t> place;
  for (const TrialPoint& p : points) {
    const auto from = place.find(p.record.heir);
    place[p.record.key] = static_cast<ptrdiff_t>(chart.points.size());
    chart.points.push_back({p.cost, p.quality, from == place.end() ? -1 : from->second, false, {}});
  }
  const auto name = [&](const NetworkReport& n, const std::string& label) {
    const auto at = place.find(n.key);
    if (at != place.end()) chart.points[static_cast<size_t>(at->second)].label = label;
  };
  name(report.found, "found"), name(report.first, "first");
  if (const auto at = place.find(report.found.key); at != place.end())
    for (ptrdiff_t i = at->second; i >= 0; i = chart.points[static_cast<size_t>(i)].parent)
      chart.points[static_cast<size_t>(i)].on_way = true;
  return plot::tree_chart(chart);
}

}  // namespace

std::string text_of(const std::optional<double>& score) { return score ? fmt::format("{:.4f}", *score) : "-"; }

std::string what_was_done(const Record& record, bool all_at_once) {
  if (record.path.empty()) return "the first network";
  if (all_at_once) return fmt::format("{} changes", std::ranges::count(record.path, '\n'));
  const std::string step = record.path.substr(record.path.rfind('\n', record.path.size() - 2) + 1);
  return step.substr(0, step.find('\n'));
}

void write_trials(const std::filesystem::path& folder, const SearchReport& report,
                  const std::vector<TrialPoint>& points, double floor) {
  host::write_atomic(folder / "trials.csv", table_of(points, report.objective));
  host::write_atomic(folder / "search.svg", picture_of(report, points, floor));
}

void keep_weights_of(const std::filesystem::path& nets, const std::set<std::string>& keys) {
  std::vector<std::filesystem::path> others;
  for (const auto& file : std::filesystem::directory_iterator(nets))
    if (file.path().extension() == ".safetensors" && !keys.contains(file.path().stem().string()))
      others.push_back(file.path());
  for (const std::filesystem::path& file : others) std::filesystem::remove(file);
}

}  // namespace dimple::search
