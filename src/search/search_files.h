// What a search leaves for people: every network that was scored, as a table and as a picture.
#pragma once
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "search/search.h"
#include "search/store.h"

namespace dimple::search {

struct TrialPoint {
  Record record;
  double cost = 0, quality = 0;
};

// Four digits, or - where there is none.
std::string text_of(const std::optional<double>& score);

// The last step of a walk; of a design how many there are.
std::string what_was_done(const Record& record, bool all_at_once);

// trials.csv and search.svg
void write_trials(const std::filesystem::path& folder, const SearchReport& report,
                  const std::vector<TrialPoint>& points, double floor);

// Removes the weights below nets/ of all networks but these.
void keep_weights_of(const std::filesystem::path& nets, const std::set<std::string>& keys);

}  // namespace dimple::search
