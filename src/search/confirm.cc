#include "search/confirm.h"

#include <algorithm>
#include <functional>

#include "search/candidate.h"

namespace dimple::search {

std::vector<Record> choose_to_confirm(std::vector<Record> records, size_t count, const std::string& key) {
  std::erase_if(records, [](const Record& r) { return !r.done || r.path.empty() || !r.result.failure.empty(); });
  std::ranges::stable_sort(records, std::greater{}, [](const Record& r) { return r.result.score; });
  if (count >= records.size() || count < 2) return records;
  const auto at = [&](size_t i) { return (i * (records.size() - 1) + (count - 1) / 2) / (count - 1); };
  std::vector<size_t> places;
  for (size_t i = 0; i < count; ++i) places.push_back(at(i));
  const auto place = static_cast<size_t>(std::ranges::find(records, key, &Record::key) - records.begin());
  if (place < records.size() && std::ranges::find(places, place) == places.end()) {
    const auto distance = [&](size_t other) { return other < place ? place - other : other - place; };
    // The nearest that is neither the best nor the worst, where there is one.
    const auto nearest =
        count > 2 ? std::ranges::min_element(places.begin() + 1, places.end() - 1, {}, distance) : places.begin() + 1;
    *nearest = place;
  }
  std::vector<Record> chosen;
  for (const size_t p : places) chosen.push_back(records[p]);
  return chosen;
}

std::vector<Record> confirm(const ir::Graph& first, const std::vector<Record>& chosen, Crew& crew, Store& store,
                            const TrialsOptions& options, const host::Task& task) {
  Trials trials(first, crew, store, options, task);
  std::vector<Proposal> proposals;
  for (const Record& r : chosen) proposals.push_back({parse_path(r.path), ""});
  return trials.assess(proposals);
}

}  // namespace dimple::search
