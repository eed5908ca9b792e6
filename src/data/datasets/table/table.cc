#include "data/datasets/table/table.h"

#include <fmt/format.h>

#include <filesystem>

#include "data/csv.h"
#include "data/datasets/archive.h"
#include "data/datasets/importers.h"
#include "data/datasets/name_words.h"
#include "host/csv.h"
#include "host/error.h"
#include "host/files.h"

namespace dimple::data {
namespace {

namespace fs = std::filesystem;

constexpr const char* kOwnTable = "labels.csv";
constexpr size_t kMostGroups = 1000;  // each is a table of slices, and looked for by its name

// A csv itself, or the one in the folder.
std::string csv_of(const std::string& path) {
  if (!fs::is_directory(path)) return path;
  const fs::path inside = fs::path(path) / kOwnTable;
  return fs::is_regular_file(inside) ? inside.string() : std::string{};
}

struct Columns {
  int path = -1, label = -1, subject = -1, split = -1;
  std::vector<size_t> others;
};

Columns columns_of(const std::vector<std::string>& header) {
  Columns at;
  for (size_t c = 0; c < header.size(); ++c) {
    const std::string name = lower_case(header[c]);
    int* known = name == "path" || name == "file" ? &at.path
                 : name == "label"                ? &at.label
                 : name == "subject"              ? &at.subject
                 : name == "split"                ? &at.split
                                                  : nullptr;
    if (known)
      *known = static_cast<int>(c);
    else
      at.others.push_back(c);
  }
  return at;
}

}  // namespace

PictureTable read_picture_table(std::string_view text, const std::string& where) {
  const auto refuse = [&](size_t line, const std::string& why) {
    throw host::Error(host::Exit::input, fmt::format("cannot read {}, line {}: {}", where, line, why),
                      "the columns are path,label and, if known, subject, split and any others to slice by");
  };
  PictureTable table;
  Columns at;
  size_t columns = 0, rows = 0;
  const auto take_header = [&](const host::CsvRow& header) {
    columns = header.size();
    at = columns_of(header);
    if (at.path < 0) refuse(1, "no column `path`");
    if (at.label < 0) refuse(1, "no column `label`");
    if (at.others.size() > kMostGroups) refuse(1, fmt::format("more than {} columns to slice by", kMostGroups));
    for (const size_t column : at.others) {
      if (header[column] == kOrigin)
        refuse(1, "pools of sets have a column `origin` of their own: give it another name");
      table.groups.push_back(header[column]);
    }
  };
  host::parse_csv(text, where, [&](host::CsvRow&& row) {
    if (columns == 0) return take_header(row);
    if (++rows > kMaxPictures) refuse(row.line, fmt::format("more than {} rows", kMaxPictures));
    if (row.size() != columns) refuse(row.line, fmt::format("{} fields, but the header names {}", row.size(), columns));
    const auto field = [&](int column) { return column < 0 ? std::string{} : row[static_cast<size_t>(column)]; };
    Entry entry{.label = field(at.label), .subject = field(at.subject)};
    if (entry.label.empty()) entry.skip = "it has no label in the table";
    if (!field(at.split).empty()) {
      const auto known = split_of_folder(field(at.split));
      if (!known) refuse(row.line, fmt::format("`{}` is not train, validation or test", field(at.split).substr(0, 20)));
      entry.split = *known;
    }
    for (const size_t column : at.others) entry.groups.push_back(row[column]);
    if (field(at.path).size() > kLongestName)
      refuse(row.line, fmt::format("a path longer than {} bytes", kLongestName));
    table.entries.add(fs::path(field(at.path)).lexically_normal().generic_string(), std::move(entry));
  });
  if (columns == 0) refuse(1, "the file is empty");
  return table;
}

namespace {

bool recognises_table(const std::string& path) {
  const std::string csv = csv_of(path);
  if (csv.empty()) return false;
  const std::string beginning = read_beginning(csv, 4096);
  std::vector<std::string_view> fields;
  split_fields(std::string_view(beginning).substr(0, beginning.find_first_of("\r\n")), fields);
  return (find_column(fields, "path") >= 0 || find_column(fields, "file") >= 0) && find_column(fields, "label") >= 0;
}

Dataset load_table(const std::string& path, const LoadOptions& options) {
  const std::string csv = csv_of(path);
  const PictureTable table = read_picture_table(host::read_csv_text(csv), csv);
  PictureTree tree{.name = "table", .groups = table.groups, .extent = 0};
  tree.promised = table.entries.paths();
  tree.read = [&](const std::string& name) { return table.entries.find(name); };
  const fs::path folder = fs::path(csv).parent_path();
  return load_tree(tree, folder.empty() ? "." : folder.string(), options);
}

}  // namespace

const Importer kTableImporter = {"table", "a csv of path,label beside its pictures", "yours", recognises_table,
                                 load_table};

}  // namespace dimple::data
