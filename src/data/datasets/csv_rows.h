// The columns of a csv file that an importer needs, row by row.
#pragma once
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/platform.h"

namespace dimple::data {

// `fields`: those of `columns`, in their order.
using TakeRow = std::function<void(const std::vector<std::string_view>& fields, int64_t line)>;

// From a file (streamed; compressed or not) or from text that `where` names in errors.
// Throw host::Error(Exit::input): a missing column, a short row.
void read_csv_file(const std::string& path, std::initializer_list<std::string_view> columns, const TakeRow& take);
void read_csv_text(std::string_view text, const std::string& where, std::initializer_list<std::string_view> columns,
                   const TakeRow& take);

}  // namespace dimple::data
