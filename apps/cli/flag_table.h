// Two columns of text, wrapped to the terminal: flags or verbs, and what they are for.
#pragma once
#include <string>
#include <vector>

#include "host/terminal.h"

namespace dimple::cli {

struct FlagHelp {
  std::string flag;  // "--min-score NUMBER"
  std::string help;
  std::string default_text = {};
};

std::string flag_table(const std::vector<FlagHelp>& flags, const host::Terminal& terminal);

}  // namespace dimple::cli
