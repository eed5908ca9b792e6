// An operator's fields as text, in the order of visit(). Shared by the printer and the parser.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "ir/graph.h"

namespace dimple::ir {

using Attributes = std::vector<std::pair<std::string, std::string>>;

// Those that differ from the default, grouped as ir/text.h tells.
Attributes print_attributes(const Op&);

// The operator of that name with these attributes; throws std::invalid_argument saying what is wrong.
Op parse_op(std::string_view name, const Attributes&);

}  // namespace dimple::ir
