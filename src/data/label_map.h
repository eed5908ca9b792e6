// Which classes a set is read as. Sources call and cut expressions differently; what does not fit is said, with its
// count, never silently dropped.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "data/dataset.h"

namespace dimple::data {

struct LabelMap {
  std::vector<std::string> labels;                         // the classes, in this order; empty: those that are there
  std::vector<std::pair<std::string, std::string>> rules;  // from, to; to "": left out

  bool empty() const { return labels.empty() && rules.empty(); }
};

// `rules`: "contempt=disgust", "none=" (left out), or the name of a TOML file with a table [map] of the same and,
// perhaps, `labels = [...]`. Throws host::Error: Exit::usage for a rule without =, Exit::input for a bad file.
LabelMap make_label_map(const std::vector<std::string>& labels, const std::vector<std::string>& rules);

// Votes go where their classes go. Throws host::Error(Exit::input) when a rule names a class that the set does not
// have, or when a class asked for stays without a picture.
void apply_label_map(Dataset& set, const LabelMap& map);

}  // namespace dimple::data
