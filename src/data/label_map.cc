#include "data/label_map.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <toml++/toml.h>
#include <algorithm>

#include "data/quarantine.h"
#include "host/error.h"
#include "host/files.h"
#include "host/suggest.h"
#include "model/labels.h"

namespace dimple::data {
namespace {

using host::Error;
using host::Exit;

void read_toml(LabelMap& map, const std::string& path) {
  const std::string text = host::read_text(path, {.limit_bytes = 1 << 20});
  try {
    const toml::table file = toml::parse(text, path);
    if (const toml::array* labels = file["labels"].as_array())
      for (const toml::node& label : *labels)
        map.labels.push_back(model::canonical_label(label.value<std::string>().value_or("")));
    const toml::table* rules = file["map"].as_table();
    if (!rules) throw Error(Exit::input, fmt::format("cannot read {}: no table [map]", path));
    for (const auto& [from, to] : *rules) {
      const auto word = to.value<std::string>();
      if (!word)
        throw Error(Exit::input, fmt::format("cannot read {}: `{}` is not mapped to a word", path, from.str()));
      map.rules.emplace_back(model::canonical_label(from.str()), model::canonical_label(*word));
    }
  } catch (const toml::parse_error& problem) {
    throw Error(Exit::input,
                fmt::format("cannot read {}, line {}: {}", path, problem.source().begin.line, problem.description()));
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
    if (!map.labels.empty() && kept[c] == 0)  // a class nobody asked for may be empty in this copy of the set
      throw Error(Exit::input,
                  fmt::format("cannot use {} as {}: no picture is `{}`", set.name, fmt::join(labels, ", "), labels[c]),
                  fmt::format("its classes are {}", fmt::join(set.labels, ", ")));
  Dataset out = rows.size() == set.size() ? set : select_rows(set, rows);
  for (size_t c = 0; c < dropped.size(); ++c) leave_out(out, fmt::format("labelled `{}`", set.labels[c]), dropped[c]);
  out.labels = labels;
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
