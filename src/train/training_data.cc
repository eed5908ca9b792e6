#include "train/training_data.h"

#include <fmt/format.h>

#include "data/protocol.h"
#include "data/split.h"
#include "train/agreement.h"

namespace dimple::train {

data::Dataset load_training_data(const TrainRequest& request, const host::Task& task) {
  if (request.paths.data.empty())
    throw host::Error(host::Exit::usage, "there is nothing to learn from",
                      "name a dataset: dimple train fer2013.csv.xz");
  data::LoadOptions options = request.data.load;
  options.votes = request.paths.votes;
  options.task = task;
  data::Dataset set = data::apply_protocol(request.data.protocol, data::load_dataset(request.paths.data, options),
                                           {.fold = request.data.fold});
  data::check_trainable(set, options.force);
  for (const std::string& leak : data::leaks_of(set)) task.progress().say("forced: " + leak);
  const size_t all = data::rows_of(set, data::Split::train).size();
  if (const size_t kept = training_rows(set, request.recipe).size(); kept < all)
    task.progress().say(fmt::format("{} training pictures are left out: people do not agree about them", all - kept));
  if (set.target.empty() && request.recipe.vote_share > 0)
    task.progress().say(set.name + " comes without people's votes: training on its labels alone");
  return set;
}

}  // namespace dimple::train
