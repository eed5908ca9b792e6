// The texts a person reads before anything runs.
#pragma once
#include <span>
#include <string>

#include "verb.h"

namespace dimple::cli {

std::string verb_help(const Verb& verb, const std::vector<host::Field>& fields, std::string_view operands,
                      const host::Terminal& terminal);
std::string all_verbs_help(std::span<const Verb> verbs, const host::Terminal& terminal);
std::string first_steps(const host::Terminal& terminal);  // what `dimple` alone prints

}  // namespace dimple::cli
