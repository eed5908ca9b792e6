#include "train/beginning.h"

#include <fmt/format.h>

#include "compile/for_codes.h"
#include "model/store.h"
#include "train/run_files.h"
#include "train/start.h"

namespace dimple::train {
namespace {

model::Model make_model(const Recipe& recipe, const data::Dataset& set, const host::Task& task) {
  InitialNet net = make_initial_net(recipe, set);
  load_initial_weights(net, recipe, task);
  return {std::move(net.graph), set.labels, preprocess_of(set, recipe), {}};
}

}  // namespace

Beginning load_beginning(const std::string& model, const TrainRequest& request, const host::Task& task) {
  Beginning b{request, {}, {}};
  if (!model.empty()) {
    b.model = model::open_model(model);
    if (b.model.graph.input.dtype == DType::s8) b.model.graph = compile::to_float(b.model.graph);
    const image::Preprocess& p = b.model.preprocess;
    b.training.data.load.size = p.width, b.training.data.load.channels = p.channels;
    b.training.recipe.standardise = p.normalise == image::Normalise::standardise;
  }
  b.set = load_training_data(b.training, task);
  if (model.empty())
    b.model = make_model(b.training.recipe, b.set, task);
  else if (b.model.labels != b.set.labels)
    throw host::Error(host::Exit::input,
                      fmt::format("{} and {} have other classes, or in another order", model, b.set.name));
  return b;
}

}  // namespace dimple::train
