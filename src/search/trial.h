// One network of a search: trained for a short while from the weights that it inherits, then scored.
#pragma once
#include <functional>
#include <optional>
#include <string>

#include "host/task.h"
#include "model/model.h"
#include "search/pictures.h"
#include "search/store.h"
#include "train/request.h"

namespace dimple::search {

// A network with the weights that it begins with, and what is done with it.
struct Work {
  ir::Graph graph;
  train::Recipe recipe;  // no epochs: it is scored as it is
  bool settle = false;   // first gather what its batch norms see anew
  // After so many epochs, from the first on, a lower validation accuracy ends the training: it is not worth going on.
  std::vector<double> bars = {};
};

struct Tried {
  TrialResult result;
  model::Model model;
  bool finished = true;  // false: the task was cancelled, or `should_stop` said so
};

// A training that goes wrong, a network that cannot run and memory that is not there are a result's failure, not an
// exception: other networks may do better.
Tried run_trial(const Work& work, Pictures& pictures, const train::Session& session,
                const std::function<bool()>& should_stop, const host::Task& task);

// The same weights, with what batch norms gather from 20 batches of training pictures: a network that was cut sees other
// values than the one it was cut from.
ir::Graph settled(const ir::Graph& graph, const data::Dataset& set, const train::Recipe& recipe);

// What the search goes by.
struct Scores {
  double score = 0, accuracy = 0;
};
// Nothing where the split has no pictures.
std::optional<Scores> score_of(const model::Model& model, const data::Dataset& set, data::Split split, int threads,
                               const host::Task& task);

// What a score is by chance.
double chance_of(const data::Dataset& set);

}  // namespace dimple::search
