// TOML files as JSON documents: tables are objects, and what reads them need not know two kinds of tree.
#pragma once
#include <string>
#include <string_view>

#include "host/json.h"

namespace dimple::host {

// Throws a usage error that names the line. Dates are refused.
Json parse_toml(std::string_view text, const std::string& what);

}  // namespace dimple::host
