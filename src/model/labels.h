// Expressions by name. Data sets and tools call and order them differently; names, never bare indices, cross every
// boundary, and one spelling is used throughout.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dimple::model {

inline constexpr size_t kMostLabels = 1000, kLongestLabel = 64;  // bytes

// "happiness" -> "happy", "anger" -> "angry", "Neutral" -> "neutral"; an unlisted name comes back in lower case.
std::string canonical_label(std::string_view name);

// Position of `name` among `labels`, whatever its spelling; -1: not there.
int find_label(std::span<const std::string> labels, std::string_view name);

// For each label of `from` its position in `to`, or -1: to read the scores of one model against the truth of another
// set.
std::vector<int> map_labels(std::span<const std::string> from, std::span<const std::string> to);

// Throws host::Error(exit of a model): none, a blank or overlong one, one that stands twice in whatever spelling.
void check_labels(std::span<const std::string> labels, const std::string& source);

}  // namespace dimple::model
