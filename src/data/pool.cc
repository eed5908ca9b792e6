#include "data/pool.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "data/duplicates.h"
#include "data/quarantine.h"
#include "host/error.h"
#include "model/labels.h"

namespace dimple::data {
namespace {

// Two sets of one importer are told apart by a number.
std::vector<std::string> origins_of(const std::vector<Dataset>& sets) {
  std::vector<std::string> names;
  for (const Dataset& set : sets) {
    std::string name = set.name;
    for (int n = 2; std::ranges::find(names, name) != names.end(); ++n) name = fmt::format("{}-{}", set.name, n);
    names.push_back(name);
  }
  return names;
}

// The same set twice shows the same people.
size_t first_like(const std::vector<Dataset>& sets, size_t s) {
  return static_cast<size_t>(std::find(sets.begin(), sets.end(), sets[s]) - sets.begin());
}

// `own`: whose names these are where they name no person elsewhere.
std::string person_of(const Dataset& set, size_t row, const std::string& own) {
  const std::string& name = set.subject[row];
  if (name.empty()) return "";
  const std::string people = people_of(origin_of(set, row));
  if (people.empty()) return fmt::format("{}/{}", own, name);
  return find_group(set, kOrigin) ? name : fmt::format("{}/{}", people, name);  // a pool has said it already
}

// A column that some sets have and others do not is filled up where it is missing.
template <class T>
void append(std::vector<T>& to, const std::vector<T>& from, size_t before, size_t rows, size_t per_row,
            const T& filler) {
  if (to.empty() && from.empty()) return;
  to.resize(before * per_row, filler);
  to.insert(to.end(), from.begin(), from.end());
  to.resize((before + rows) * per_row, filler);
}

void append_groups(Dataset& pool, const Dataset& set, size_t before) {
  for (const Group& group : set.groups)
    if (!find_group(pool, group.name)) pool.groups.push_back({group.name, std::vector<std::string>(before)});
  for (Group& group : pool.groups) {
    const Group* more = find_group(set, group.name);
    if (more) group.value.insert(group.value.end(), more->value.begin(), more->value.end());
    group.value.resize(before + set.size());
  }
}

void append_targets(Dataset& pool, const Dataset& set, const std::vector<int>& place, size_t before) {
  const size_t classes = pool.labels.size();
  if (pool.target.empty() && set.target.empty()) return;
  for (size_t i = pool.target.size() / classes; i < before; ++i) {
    pool.target.resize((i + 1) * classes);
    pool.target[i * classes + static_cast<size_t>(pool.label[i])] = 1;
  }
  for (size_t i = 0; i < set.size(); ++i) {
    const size_t at = (before + i) * classes;
    pool.target.resize(at + classes);
    if (set.target.empty())
      pool.target[at + static_cast<size_t>(place[static_cast<size_t>(set.label[i])])] = 1;
    else
      for (size_t c = 0; c < place.size(); ++c) pool.target[at + static_cast<size_t>(place[c])] += set.target_of(i)[c];
  }
}

void append_set(Dataset& pool, const Dataset& set, const std::string& origin, const std::string& own) {
  const size_t before = pool.size(), rows = set.size();
  const std::vector<int> place = model::map_labels(set.labels, pool.labels);
  append_targets(pool, set, place, before);
  append_groups(pool, set, before);
  pool.groups[0].value.resize(before);
  pool.groups[0].value.resize(before + rows, origin);
  pool.pixels.insert(pool.pixels.end(), set.pixels.begin(), set.pixels.end());
  pool.split.insert(pool.split.end(), set.split.begin(), set.split.end());
  for (const int32_t label : set.label) pool.label.push_back(place[static_cast<size_t>(label)]);
  std::vector<std::string> subject, file;
  for (size_t i = 0; i < set.subject.size(); ++i) subject.push_back(person_of(set, i, own));
  for (size_t i = 0; i < rows; ++i)
    file.push_back(!set.file.empty() ? fmt::format("{}/{}", origin, set.file[i])
                                     : fmt::format("{}/row {}", origin,
                                                   set.source_row.empty() ? static_cast<int64_t>(i)
                                                                          : static_cast<int64_t>(set.source_row[i])));
  append<std::string>(pool.subject, subject, before, rows, 1, "");
  append<std::string>(pool.file, file, before, rows, 1, "");
  append<uint8_t>(pool.doubt, set.doubt, before, rows, 1, 0);
  append<int32_t>(pool.source_row, set.source_row, before, rows, 1, -1);
  if (!set.votes.empty() && !pool.votes.empty() && pool.vote_names != set.vote_names)
    throw host::Error(host::Exit::input, fmt::format("cannot pool the votes of {}: they name other choices", origin));
  if (!set.votes.empty()) pool.vote_names = set.vote_names;
  append<uint8_t>(pool.votes, set.votes, before, rows, pool.vote_names.size(), 0);
  for (const BadFile& bad : set.quarantine) pool.quarantine.push_back({origin + "/" + bad.file, bad.why});
  for (const LeftOut& out : set.left_out) leave_out(pool, fmt::format("{} ({})", out.why, origin), out.pictures);
  if (!set.test_only.empty()) pool.test_only.push_back(origin);
}

// "/table-2": what a pool has put before the names of its second table; "" where nothing was pooled.
std::string nth_origin(const Dataset& set, int part) {
  const Group* origins = find_group(set, kOrigin);
  if (!origins) return "";
  std::vector<std::string> seen;
  for (const std::string& origin : origins->value)
    if (std::ranges::find(seen, origin) == seen.end()) seen.push_back(origin);
  return static_cast<size_t>(part) < seen.size() ? "/" + seen[static_cast<size_t>(part)] : "";
}

}  // namespace

std::string people_of(const std::string& origin) {
  const std::string name = origin.substr(0, origin.find('-'));  // "session-2", the second of its kind in a pool
  if (name == "table" || name == "folders" || name.find('+') != std::string::npos) return "";
  return name == "cohn_kanade" ? "ckplus" : name;  // CK+48 was cut out of it
}

int64_t people_in_common(const Dataset& learned, const Dataset& test, int part) {
  std::set<std::string> known, shared;
  for (size_t i = 0; i < learned.subject.size(); ++i)
    if (learned.split[i] != Split::test) known.insert(person_of(learned, i, "learned"));
  const std::string own = part < 0 ? "tested" : "learned" + nth_origin(learned, part);
  for (size_t i = 0; i < test.subject.size(); ++i) {
    if (test.split[i] != Split::test || test.subject[i].empty()) continue;
    std::string person = person_of(test, i, own);
    if (known.contains(person)) shared.insert(std::move(person));
  }
  return static_cast<int64_t>(shared.size());
}

Dataset pool_sets(const std::vector<Dataset>& sets) {
  Dataset pool;
  const std::vector<std::string> origins = origins_of(sets);
  for (size_t s = 0; s < sets.size(); ++s) {
    const Dataset& set = sets[s];
    if (set.width != sets[0].width || set.height != sets[0].height || set.channels != sets[0].channels)
      throw host::Error(host::Exit::input,
                        fmt::format("cannot pool {} ({}x{}x{}) with {} ({}x{}x{})", origins[s], set.width, set.height,
                                    set.channels, origins[0], sets[0].width, sets[0].height, sets[0].channels),
                        "--size and --channels bring them to one");
    pool.name += (s ? "+" : "") + origins[s];
    for (const std::string& label : set.labels)
      if (model::find_label(pool.labels, label) < 0) pool.labels.push_back(model::canonical_label(label));
  }
  pool.width = sets[0].width, pool.height = sets[0].height, pool.channels = sets[0].channels;
  pool.framing = sets[0].framing;  // one travels with the weights; load_dataset says so where they differ
  pool.groups.push_back({kOrigin, {}});
  for (size_t s = 0; s < sets.size(); ++s) append_set(pool, sets[s], origins[s], origins[first_like(sets, s)]);
  pool.duplicate_of = find_duplicates(pool);
  return pool;
}

}  // namespace dimple::data
