#include "host/toml.h"

#include <fmt/format.h>

namespace dimple::host {

toml::table parse_toml_table(std::string_view text, const std::string& what, Exit exit) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& problem) {
    throw Error(exit, fmt::format("cannot understand {}: line {}: {}", what, problem.source().begin.line,
                                  problem.description()));
  }
}

}  // namespace dimple::host
