#include "workflow/search_tree.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "host/csv.h"
#include "host/error.h"
#include "plot/axis.h"
#include "plot/charts.h"

namespace dimple::workflow {
namespace {

using host::Error;
using host::Exit;

// A row of the table, by the names of its columns.
class TrialRow {
 public:
  TrialRow(const host::CsvRow& head, const host::CsvRow& row, const std::string& where)
      : head_(head), row_(row), where_(where) {
    if (row.size() != head.size())
      throw Error(Exit::input, fmt::format("{}, line {}: there are {} fields, and {} columns", where, row.line,
                                           row.size(), head.size()));
  }
  const std::string& text(const std::string& column) const {
    const auto at = std::ranges::find(head_, column);
    if (at == head_.end()) throw Error(Exit::input, fmt::format("{} has no column `{}`", where_, column));
    return row_[static_cast<size_t>(at - head_.begin())];
  }
  double number(const std::string& column) const {
    const std::string& field = text(column);
    char* end = nullptr;
    const double value = std::strtod(field.c_str(), &end);
    if (field.empty() || *end != '\0')
      throw Error(Exit::input, fmt::format("{}, line {}: {} is no number", where_, row_.line, column));
    return value;
  }

 private:
  const host::CsvRow& head_;
  const host::CsvRow& row_;
  const std::string& where_;
};

std::vector<std::string> sentences_of(std::string_view path) {
  std::vector<std::string> sentences;
  for (size_t at = 0; at < path.size();) {
    const size_t end = std::min(path.find("; ", at), path.size());
    sentences.emplace_back(path.substr(at, end - at));
    at = end + 2;
  }
  return sentences;
}

std::vector<std::string> without(const std::vector<std::string>& all, const std::vector<std::string>& some) {
  std::vector<std::string> rest;
  for (const std::string& one : all)
    if (std::ranges::find(some, one) == some.end()) rest.push_back(one);
  return rest;
}

// "narrow conv2d_1 24" is about `narrow conv2d_1`, "separate conv2d_2" about itself.
std::string subject_of(const std::string& sentence) {
  const size_t end = sentence.find_last_not_of("0123456789");
  return end + 1 < sentence.size() && sentence[end] == ' ' ? sentence.substr(0, end) : sentence;
}

// Which rows a tree has, and in which order: children below their parent, the way to the found one last.
class SearchTree {
 public:
  SearchTree(const std::vector<TriedNetwork>& all, const TreeNames& names) : all_(all), names_(names) {
    children_.resize(all.size()), below_.assign(all.size(), 0), on_way_.assign(all.size(), false);
    for (size_t i = all.size(); i-- > 1;) {
      const auto parent = static_cast<size_t>(all[i].parent);
      children_[parent].push_back(i), below_[parent] += below_[i] + 1;
    }
    const auto found = std::ranges::find(all, names.found, &TriedNetwork::key);
    for (ptrdiff_t i = found == all.end() ? -1 : found - all.begin(); i >= 0; i = all[static_cast<size_t>(i)].parent)
      on_way_[static_cast<size_t>(i)] = true;
    for (std::vector<size_t>& brothers : children_)
      std::ranges::sort(brothers, std::greater{}, [&](size_t i) { return std::pair(all_[i].quality, i); });
  }

  std::vector<plot::OutlineRow> rows(size_t most_rows) {
    for (size_t brothers = all_.size();; brothers /= 2) {
      rows_.clear(), add(0, -1, brothers);
      if (rows_.size() <= most_rows || brothers == 0) return rows_;
    }
  }

 private:
  void add(size_t i, ptrdiff_t parent, size_t brothers) {
    const TriedNetwork& n = all_[i];
    const auto row = static_cast<ptrdiff_t>(rows_.size());
    const std::string nested = n.nested ? fmt::format("{:.4f}", *n.nested) : "";
    rows_.push_back({fmt::format("{}  {}", n.id, changes_of(n, all_)),
                     parent,
                     {fmt::format("{:.4f}", n.score), nested, plot::short_number(n.cost)},
                     on_way_[i],
                     n.quality < names_.floor});
    size_t shown = 0, hidden = 0;
    ptrdiff_t last = -1;
    for (const size_t child : children_[i]) {
      if (on_way_[child])
        last = static_cast<ptrdiff_t>(child);
      else if (shown < brothers)
        ++shown, add(child, row, brothers);
      else
        hidden += below_[child] + 1;
    }
    if (hidden > 0) rows_.push_back({fmt::format("{}{} more", shown > 0 ? "and " : "", hidden), row, {}, false, true});
    if (last >= 0) add(static_cast<size_t>(last), row, brothers);
  }

  const std::vector<TriedNetwork>& all_;
  const TreeNames& names_;
  std::vector<std::vector<size_t>> children_;  // the best first
  std::vector<size_t> below_;                  // how many come from it
  std::vector<bool> on_way_;
  std::vector<plot::OutlineRow> rows_;
};

}  // namespace

std::vector<TriedNetwork> load_tried(const std::filesystem::path& trials_csv, const std::string& objective) {
  const std::string where = trials_csv.string();
  const std::vector<host::CsvRow> table = host::parse_csv(host::read_csv_text(trials_csv), where);
  std::vector<TriedNetwork> all;
  std::map<std::string, ptrdiff_t> place;
  for (size_t i = 1; i < table.size(); ++i) {
    const TrialRow row(table[0], table[i], where);
    TriedNetwork n;
    n.id = row.text("id"), n.key = row.text("key"), n.heir = row.text("heir");
    n.score = row.number("score"), n.quality = row.number("quality"), n.cost = row.number(objective);
    n.seconds = row.number("seconds"), n.path = sentences_of(row.text("path"));
    if (!row.text("nested").empty()) n.nested = row.number("nested");
    const auto heir = place.find(n.heir);
    n.parent = all.empty() ? -1 : heir == place.end() ? 0 : heir->second;
    place.emplace(n.key, static_cast<ptrdiff_t>(all.size()));
    all.push_back(std::move(n));
  }
  if (all.empty()) throw Error(Exit::input, where + " holds no network");
  return all;
}

std::string changes_of(const TriedNetwork& network, const std::vector<TriedNetwork>& all) {
  constexpr size_t kMostNamed = 2;
  if (network.parent < 0) return "the first network";
  const TriedNetwork& parent = all[static_cast<size_t>(network.parent)];
  std::vector<std::string> changes = without(network.path, parent.path);
  for (const std::string& undone : without(parent.path, network.path)) {
    if (std::ranges::find(changes, subject_of(undone), subject_of) == changes.end())
      changes.push_back("without " + undone);
  }
  if (changes.empty()) return "the same in another order";
  const size_t more = changes.size() - std::min(changes.size(), kMostNamed);
  changes.resize(changes.size() - more);
  return fmt::format("{}{}", fmt::join(changes, ", "), more > 0 ? fmt::format(", {} more", more) : "");
}

std::string draw_search_tree(const std::vector<TriedNetwork>& all, const TreeNames& names, size_t most_rows) {
  plot::OutlineChart chart;
  chart.title = "What came from what";
  chart.note = "bold: the way to the network that was found; pale: " +
               (names.floor > 0 ? fmt::format("below the floor of {:g}", names.floor) : "worse than chance");
  chart.columns = {names.score, "nested", names.objective};
  chart.rows = SearchTree(all, names).rows(most_rows);
  return plot::outline_chart(chart);
}

std::string draw_front(const std::vector<TriedNetwork>& all, const TreeNames& names) {
  plot::TreeChart chart;
  chart.x_title = names.objective, chart.y_title = names.score + " on validation pictures";
  std::vector<size_t> order(all.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order, {}, [&](size_t i) { return std::pair(all[i].cost, -all[i].score); });
  for (const size_t i : order)
    if (chart.steps.empty() || all[i].score > all[chart.steps.back()].score) chart.steps.push_back(i);
  for (const TriedNetwork& n : all) chart.points.push_back({n.cost, n.score, -1, n.key == names.found, {}});
  for (size_t i = 0; i < all.size(); ++i)
    chart.points[i].label = all[i].key == names.found ? "found" : i == 0 ? "first" : "";
  chart.title = fmt::format("The front: {} of {} networks", chart.steps.size(), all.size());
  chart.note = fmt::format("nothing that was tried beats them in both {} and {}", names.score, names.objective);
  return plot::tree_chart(chart);
}

}  // namespace dimple::workflow
