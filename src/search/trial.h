// One network of a search: trained for a short while from the weights that it inherits, then scored.
#pragma once
#include <functional>
#include <string>

#include "host/task.h"
#include "model/model.h"
#include "search/pictures.h"
#include "search/store.h"
#include "train/request.h"

namespace dimple::search {

struct Tried {
  TrialResult result;
  model::Model model;
  bool finished = true;  // false: the task was cancelled, or `should_stop` said so
};

// `graph` has weights. A training that goes wrong, a network that cannot run and memory that is not there are a result's
// failure, not an exception: other networks may do better.
Tried run_trial(const ir::Graph& graph, Pictures& pictures, const train::Recipe& recipe, const train::Session& session,
                const std::function<bool()>& should_stop, const host::Task& task);

// What the search goes by.
struct Scores {
  double score = 0, accuracy = 0;
};
Scores score_of(const model::Model& model, const data::Dataset& set, data::Split split, int threads,
                const host::Task& task);

// What a score is by chance.
double chance_of(const data::Dataset& set);

}  // namespace dimple::search
