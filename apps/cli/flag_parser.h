// The words of a call, told apart: which field each belongs to, and what every verb understands beside its own fields.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/fields.h"
#include "verb.h"

namespace dimple::cli {

struct ParsedFlags {
  bool help = false, schema = false;
  Common common;
  std::string config_path;
  std::vector<std::pair<std::string, std::vector<std::string>>> values;  // field name -> words
};

// `operands` names the field that takes the words without a flag. Throws a usage error with "did you mean".
ParsedFlags parse_flags(std::string_view verb, const std::vector<std::string>& words,
                        const std::vector<host::Field>& fields, std::string_view operands);

}  // namespace dimple::cli
