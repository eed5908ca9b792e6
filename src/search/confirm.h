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

// Returns `count` records (at least two), spread evenly over the order of their scores, the best first: the best, this
// key's, and of three or more the worst. Leaves out failed trials and the first network.
std::vector<Record> choose_to_confirm(std::vector<Record> records, size_t count, const std::string& key);

// Trains each, unless `store` has it. `options`: of the search's trials; `epochs` and `time` are those of a training in
// full. Returns fewer when it was stopped.
std::vector<Record> confirm(const ir::Graph& first, const std::vector<Record>& chosen, Crew& crew, Store& store,
                            const TrialsOptions& options, const host::Task& task);

}  // namespace dimple::search
