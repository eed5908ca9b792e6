// Words that a user gave: lists of them, and "did you mean", the nearest of those that would have been right.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dimple::host {

// The words between commas; empty ones are left out.
std::vector<std::string> comma_separated(std::string_view text);

int edit_distance(std::string_view a, std::string_view b);  // insert, delete, replace, swap of neighbours

// The nearest candidate, or "" when none is near enough to be worth saying.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

// "did you mean `x`?", or `otherwise`.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates, std::string otherwise = {});

// Throws a usage error unless `value` is one of the choices: "--executor: there is no `progam`".
void check_choice(std::string_view field, std::string_view value, const std::vector<std::string>& choices);

// min_score -> --min-score, augment.blur -> --augment-blur
std::string flag_of(std::string_view field);

}  // namespace dimple::host
