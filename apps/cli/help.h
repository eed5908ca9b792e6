// The texts a person reads before anything runs.
#pragma once
#include <span>
#include <string>

#include "verb.h"

namespace dimple::cli {

struct FlagHelp {
  std::string flag;  // "--min-score NUMBER"
  std::string help;
  std::string default_text;
};

// Two columns, wrapped to the terminal.
std::string flag_table(const std::vector<FlagHelp>& flags, const host::Terminal& terminal);
std::string verb_help(const Verb& verb, const std::vector<host::Field>& fields, std::string_view operands,
                      const host::Terminal& terminal);
std::string all_verbs_help(std::span<const Verb> verbs, const host::Terminal& terminal);
std::string first_steps(const host::Terminal& terminal);  // what `dimple` alone prints

}  // namespace dimple::cli
