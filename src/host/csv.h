// CSV as RFC 4180 has it: quotes where needed, quotes doubled inside quotes, any line ending.
#pragma once
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace dimple::host {

struct CsvRow : std::vector<std::string> {
  size_t line = 0;  // of the text, from 1, where the row begins
};

inline constexpr size_t kMostCsvFields = 10'000;  // of a row: each takes some thirty times its comma

// Blank lines are passed over. Throws Exit::input, with the line of `where`, for a row of too many fields.
void parse_csv(std::string_view text, const std::string& where, const std::function<void(CsvRow&&)>& take);
std::vector<CsvRow> parse_csv(std::string_view text, const std::string& where);

// The text of a list or table. Throws Exit::input, by name, for what other programs save instead of UTF-8.
std::string read_csv_text(const std::filesystem::path& path);

// For text from outside: a spreadsheet runs what begins with = + - @ as a formula, and gets it behind a '.
std::string csv_text(std::string_view value);

std::string csv_field(std::string_view value);                 // quoted if it must be
std::string csv_line(const std::vector<std::string>& fields);  // ends in \n

}  // namespace dimple::host
