// CSV as RFC 4180 has it: quotes where needed, quotes doubled inside quotes, any line ending.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace dimple::host {

std::vector<std::vector<std::string>> parse_csv(std::string_view text);  // blank lines are passed over

// For text from outside: a spreadsheet runs what begins with = + - @ as a formula, and gets it behind a '.
std::string csv_text(std::string_view value);

std::string csv_field(std::string_view value);                 // quoted if it must be
std::string csv_line(const std::vector<std::string>& fields);  // ends in \n

}  // namespace dimple::host
