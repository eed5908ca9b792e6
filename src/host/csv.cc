#include "host/csv.h"

#include <fmt/format.h>

#include "host/error.h"
#include "host/files.h"

namespace dimple::host {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";  // what spreadsheets put in front of a text

}  // namespace

void parse_csv(std::string_view text, const std::string& where, const std::function<void(CsvRow&&)>& take) {
  CsvRow row;
  size_t line = 1;
  row.line = 1;
  std::string field;
  bool quoted = false;
  const auto end_field = [&] {
    if (row.size() == kMostCsvFields)
      throw Error(Exit::input,
                  fmt::format("cannot read {}, line {}: more than {} fields", where, row.line, kMostCsvFields));
    row.push_back(std::move(field));
    field.clear();
  };
  const auto end_row = [&] {
    end_field();
    if (row.size() > 1 || !row[0].empty()) take(std::move(row));
    row.clear();
    row.line = line;
  };
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    line += c == '\n' || (c == '\r' && !text.substr(i + 1).starts_with('\n'));
    if (quoted) {
      if (c != '"')
        field += c;
      else if (i + 1 < text.size() && text[i + 1] == '"')
        field += text[++i];
      else
        quoted = false;
    } else if (c == '"' && field.empty()) {
      quoted = true;
    } else if (c == ',') {
      end_field();
    } else if (c == '\n' || c == '\r') {
      end_row();
    } else {
      field += c;
    }
  }
  if (!field.empty() || !row.empty()) end_row();
}

std::vector<CsvRow> parse_csv(std::string_view text, const std::string& where) {
  std::vector<CsvRow> rows;
  parse_csv(text, where, [&](CsvRow&& row) { rows.push_back(std::move(row)); });
  return rows;
}

std::string read_csv_text(const std::filesystem::path& path) {
  std::string text = read_text(path, {.limit_bytes = uint64_t{256} << 20});
  const auto refuse = [&](const char* what) {
    throw Error(Exit::input, "cannot read " + path.string() + ": " + what, "save it as UTF-8 (\"CSV UTF-8\")");
  };
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) refuse("it is UTF-16, not UTF-8");
  if (text.find('\0') != std::string::npos) refuse("it holds a NUL byte, so it is no text");
  return text;
}

std::string csv_text(std::string_view value) {
  const bool formula = !value.empty() && std::string_view("=+-@\t\r").find(value[0]) != std::string_view::npos;
  return (formula ? "'" : "") + std::string(value);
}

std::string csv_field(std::string_view value) {
  const bool is_plain = value.find_first_of(",\"\r\n") == std::string_view::npos && !value.starts_with(kByteOrderMark);
  if (is_plain) return std::string(value);
  std::string quoted = "\"";
  for (const char c : value) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string csv_line(const std::vector<std::string>& fields) {
  std::string line;
  for (size_t i = 0; i < fields.size(); ++i) line += (i ? "," : "") + csv_field(fields[i]);
  return line + '\n';
}

}  // namespace dimple::host
