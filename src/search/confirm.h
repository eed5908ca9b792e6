// Some of the networks that were tried, trained in full from random weights: does the order of their trials hold?
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "host/task.h"
#include "search/crew.h"
#include "search/store.h"
#include "search/trials.h"

namespace dimple::search {

// So many of them (at least two), evenly over the order of their scores: the best, the worst, and the one of this key with
// them. Failed trials and the first network are left out. The best first.
std::vector<Record> choose_to_confirm(std::vector<Record> records, size_t count, const std::string& key);

// Trains each, unless `store` has it. `options`: of the search's trials; `epochs` and `time` are those of a training in
// full. Fewer than were asked for: it was stopped.
std::vector<Record> confirm(const ir::Graph& first, const std::vector<Record>& chosen, Crew& crew, Store& store,
                            const TrialsOptions& options, const host::Task& task);

}  // namespace dimple::search
