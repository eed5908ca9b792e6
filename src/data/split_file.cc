#include "data/split_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "data/quarantine.h"
#include "data/split.h"
#include "host/csv.h"
#include "host/error.h"
#include "host/files.h"
#include "model/labels.h"

namespace dimple::data {
namespace {

using host::Error;
using host::Exit;

struct Line {
  Split split = Split::train;
  std::string label;
  bool used = false;
};

bool find_split(const std::string& name, Split& split) {
  for (const Split s : {Split::train, Split::validation, Split::test})
    if (name == name_of(s)) return split = s, true;
  return false;
}

std::unordered_map<std::string, Line> read_lines(const std::string& path) {
  const auto rows = host::parse_csv(host::read_csv_text(path), path);
  const auto refuse = [&](size_t line, const std::string& why) {
    throw Error(Exit::input, fmt::format("cannot read {}, line {}: {}", path, line, why),
                "dimple data split writes such a file: key,subject,label,split");
  };
  if (rows.empty()) refuse(1, "the file is empty");
  const auto column = [&](const char* name) {
    const auto it = std::ranges::find(rows[0], name);
    if (it == rows[0].end()) refuse(1, fmt::format("no column `{}`", name));
    return static_cast<size_t>(it - rows[0].begin());
  };
  const size_t key = column("key"), label = column("label"), split = column("split");
  std::unordered_map<std::string, Line> lines;
  for (size_t i = 1; i < rows.size(); ++i) {
    if (rows[i].size() <= std::max({key, label, split})) refuse(rows[i].line, "a short row");
    Line line;
    line.label = rows[i][label];
    if (!find_split(rows[i][split], line.split))
      refuse(rows[i].line, fmt::format("`{}` is not train, validation or test", rows[i][split].substr(0, 20)));
    if (!lines.emplace(rows[i][key], line).second) refuse(rows[i].line, fmt::format("{} stands twice", rows[i][key]));
  }
  return lines;
}

}  // namespace

std::string key_of(const Dataset& set, size_t row) {
  if (!set.file.empty()) return set.file[row];
  return fmt::format("row {}", set.source_row.empty() ? static_cast<int32_t>(row) : set.source_row[row]);
}

std::string split_csv(const Dataset& set) {
  std::string text = "key,subject,label,split\n";
  for (size_t i = 0; i < set.size(); ++i)
    text += host::csv_line({key_of(set, i), set.subject.empty() ? "" : set.subject[i],
                            set.labels[static_cast<size_t>(set.label[i])], name_of(set.split[i])});
  return text;
}

void apply_split_csv(Dataset& set, const std::string& path, bool force) {
  auto lines = read_lines(path);
  const size_t named = lines.size();
  std::vector<int32_t> rows;
  Dataset out = set;
  for (size_t i = 0; i < set.size(); ++i) {
    const auto it = lines.find(key_of(set, i));
    if (it == lines.end() || it->second.used) continue;
    const std::string& label = set.labels[static_cast<size_t>(set.label[i])];
    if (model::canonical_label(it->second.label) != model::canonical_label(label))
      throw Error(Exit::input, fmt::format("{} is not a split of {}: it says that {} is `{}`, the set says `{}`", path,
                                           set.name, it->first, it->second.label, label));
    it->second.used = true;
    out.split[i] = it->second.split;
    rows.push_back(static_cast<int32_t>(i));
  }
  if (rows.size() < named)
    throw Error(Exit::input,
                fmt::format("{} is not a split of {}: {} of its {} pictures are not there", path, set.name,
                            named - rows.size(), named),
                "pictures that were bad or mapped away since? make the split anew");
  const auto unnamed = static_cast<int32_t>(set.size() - rows.size());
  if (unnamed > 0) out = select_rows(out, rows);
  leave_out(out, fmt::format("not named in {}", path), unnamed);
  refuse_leaks(out, path, force);
  out.split_from = path;
  set = std::move(out);
}

}  // namespace dimple::data
