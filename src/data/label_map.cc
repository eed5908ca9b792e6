#include "data/label_map.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "data/quarantine.h"
#include "host/error.h"
#include "host/files.h"
#include "host/suggest.h"
#include "host/toml.h"
#include "model/labels.h"

namespace dimple::data {
namespace {

using host::Error;
using host::Exit;

void read_toml(LabelMap& map, const std::string& path) {
  const std::string text = host::read_text(path, {.limit_bytes = 1 << 20});
  const toml::table file = host::parse_toml_table(text, path, Exit::input);
  if (const toml::array* labels = file["labels"].as_array())
    for (const toml::node& label : *labels)
      map.labels.push_back(model::canonical_label(label.value<std::string>().value_or("")));
  const toml::table* rules = file["map"].as_table();
  if (!rules) throw Error(Exit::input, fmt::format("cannot read {}: no table [map]", path));
  for (const auto& [from, to] : *rules) {
    const auto word = to.value<std::string>();
    if (!word) throw Error(Exit::input, fmt::format("cannot read {}: `{}` is not mapped to a word", path, from.str()));
    map.rules.emplace_back(model::canonical_label(from.str()), model::canonical_label(*word));
  }
}

// The class of each of the set's labels; "": left out.
std::vector<std::string> follow_rules(const Dataset& set, const LabelMap& map) {
  std::vector<std::string> to;
  for (const std::string& label : set.labels) to.push_back(model::canonical_label(label));
  const std::vector<std::string> from = to;
  for (const auto& [before, after] : map.rules) {
    bool found = false;
    for (size_t c = 0; c < from.size(); ++c)
      if (from[c] == before) to[c] = after, found = true;
    if (!found)
      throw Error(Exit::input, fmt::format("cannot map `{}`: {} has no such class", before, set.name),
                  host::did_you_mean(before, from, fmt::format("it has {}", fmt::join(from, ", "))));
  }
  return to;
}

// For each of the votes its place among `names`, which become those of the set's classes; -1: for a class that is left
// out. A vote for what was no class (`unknown`) stays one.
std::vector<int> place_votes(const Dataset& set, const std::vector<std::string>& labels, const std::vector<int>& place,
                             std::vector<std::string>& names) {
  std::vector<int> to;
  for (std::string name : set.vote_names) {
    const int label = model::find_label(set.labels, name);
    const int after = label < 0 ? -1 : place[static_cast<size_t>(label)];
    if (after >= 0) name = labels[static_cast<size_t>(after)];
    const bool left_out = label >= 0 && after < 0;
    if (!left_out && model::find_label(names, name) < 0) names.push_back(name);
    to.push_back(left_out ? -1 : model::find_label(names, name));
  }
  return to;
}

// Votes for names that become one class are added up. `before`: the set before it was mapped, `place`: of its classes.
void map_votes(Dataset& set, const Dataset& before, const std::vector<int>& place) {
  constexpr int kMaxVotes = 255;
  if (set.votes.empty()) return;
  std::vector<std::string> names;
  const std::vector<int> to = place_votes(before, set.labels, place, names);
  std::vector<uint8_t> votes(set.size() * names.size());
  for (size_t i = 0; i < set.size(); ++i)
    for (size_t v = 0; v < to.size(); ++v) {
      if (to[v] < 0) continue;
      uint8_t& sum = votes[i * names.size() + static_cast<size_t>(to[v])];
      sum = static_cast<uint8_t>(std::min(kMaxVotes, int{sum} + set.votes_of(i)[v]));
    }
  set.vote_names = std::move(names), set.votes = std::move(votes);
}

}  // namespace

LabelMap make_label_map(const std::vector<std::string>& labels, const std::vector<std::string>& rules) {
  LabelMap map;
  for (const std::string& rule : rules) {
    const size_t at = rule.find('=');
    if (at == std::string::npos && rule.ends_with(".toml"))
      read_toml(map, rule);
    else if (at == std::string::npos || at == 0)
      throw Error(Exit::usage, fmt::format("--map: cannot understand `{}`", rule),
                  "for example --map contempt=disgust, --map none= (left out) or --map labels.toml");
    else
      map.rules.emplace_back(model::canonical_label(rule.substr(0, at)), model::canonical_label(rule.substr(at + 1)));
  }
  if (!labels.empty()) map.labels.clear();  // the command line weighs more than the file
  for (const std::string& label : labels) map.labels.push_back(model::canonical_label(label));
  if (!map.labels.empty()) model::check_labels(map.labels, "--labels");
  return map;
}

void apply_label_map(Dataset& set, const LabelMap& map) {
  if (map.empty()) return;
  const std::vector<std::string> to = follow_rules(set, map);
  std::vector<std::string> labels = map.labels;
  if (labels.empty())
    for (const std::string& label : to)
      if (!label.empty() && std::ranges::find(labels, label) == labels.end()) labels.push_back(label);
  const std::vector<int> place = model::map_labels(to, labels);

  std::vector<int32_t> rows;
  std::vector<int32_t> dropped(set.labels.size()), kept(labels.size());
  for (size_t i = 0; i < set.size(); ++i) {
    const auto old = static_cast<size_t>(set.label[i]);
    if (place[old] < 0)
      ++dropped[old];
    else
      rows.push_back(static_cast<int32_t>(i)), ++kept[static_cast<size_t>(place[old])];
  }
  for (size_t c = 0; c < labels.size(); ++c)
    if (!map.labels.empty() && kept[c] == 0)  // a class that was not asked for may be empty in this copy of the set
      throw Error(Exit::input,
                  fmt::format("cannot use {} as {}: no picture is `{}`", set.name, fmt::join(labels, ", "), labels[c]),
                  fmt::format("its classes are {}", fmt::join(set.labels, ", ")));
  Dataset out = rows.size() == set.size() ? set : select_rows(set, rows);
  for (size_t c = 0; c < dropped.size(); ++c) leave_out(out, fmt::format("labelled `{}`", set.labels[c]), dropped[c]);
  out.labels = labels;
  map_votes(out, set, place);
  out.target.assign(out.target.empty() ? 0 : out.size() * labels.size(), 0);
  for (size_t i = 0; i < out.size(); ++i) {
    const auto row = static_cast<size_t>(rows[i]);
    const int32_t label = place[static_cast<size_t>(set.label[row])];
    out.label[i] = label;
    if (set.target.empty()) continue;
    float sum = 0;
    const auto target = std::span(out.target).subspan(i * labels.size(), labels.size());
    for (size_t c = 0; c < place.size(); ++c)
      if (place[c] >= 0) target[static_cast<size_t>(place[c])] += set.target_of(row)[c], sum += set.target_of(row)[c];
    if (sum <= 0) target[static_cast<size_t>(label)] = sum = 1;
    for (float& share : target) share /= sum;
  }
  set = std::move(out);
}

}  // namespace dimple::data
