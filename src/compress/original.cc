#include "compress/original.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "compile/for_codes.h"
#include "data/split.h"
#include "model/store.h"
#include "train/run_files.h"
#include "train/start.h"

namespace dimple::compress {
namespace {

using host::Error;
using host::Exit;

std::optional<model::Model> named_model(const CompressRequest& request) {
  if (request.model.empty()) return {};
  model::Model model = model::open_model(request.model);
  if (model.graph.input.dtype == DType::s8) model.graph = compile::to_float(model.graph);
  return model;
}

model::Model made_model(const train::Recipe& recipe, const data::Dataset& set, const host::Task& task) {
  train::InitialNet net = train::make_initial_net(recipe, set);
  train::load_initial_weights(net, recipe, task);
  return {std::move(net.graph), set.labels, train::preprocess_of(set, recipe), {}};
}

void check_there_is_one(const CompressRequest& request, const host::Task& task) {
  const train::Recipe& recipe = request.training.recipe;
  if (!request.model.empty() || !recipe.init.empty()) return;
  if (request.methods.binarise.empty())
    throw Error(Exit::usage, "there is no network to make smaller",
                "name a model, or an architecture with weights: --arch mobilenet_v2 --init mobilenet_v2.pth");
  task.progress().say(recipe.arch + " begins with random weights, and learns as it is binarised");
}

void check_numbers(const model::Model& model, const std::string& source) {
  const auto is_number = [](float w) { return std::isfinite(w); };
  for (const auto& [name, tensor] : model.graph.constants)
    if (tensor.dtype == DType::f32 && !std::ranges::all_of(tensor.as<float>(), is_number))
      throw Error(Exit::model, fmt::format("{} cannot be made smaller: {} holds what is no number", source, name));
}

}  // namespace

Original load_original(const CompressRequest& request, const host::Task& task) {
  check_there_is_one(request, task);
  Original original;
  original.training = request.training;
  std::optional<model::Model> model = named_model(request);
  if (model) {
    original.training.data.load.size = model->preprocess.width;
    original.training.data.load.channels = model->preprocess.channels;
    original.training.recipe.standardise = model->preprocess.normalise == image::Normalise::standardise;
  }
  original.set = train::load_training_data(original.training, task);
  original.model = model ? std::move(*model) : made_model(original.training.recipe, original.set, task);
  const std::string source = request.model.empty() ? original.training.recipe.arch : request.model;
  if (original.model.labels != original.set.labels)
    throw Error(Exit::input,
                fmt::format("{} and {} have other classes, or in another order", source, original.set.name));
  check_numbers(original.model, source);
  if (data::rows_of(original.set, data::Split::train).empty())
    throw Error(Exit::input, original.set.name + " has no training pictures to calibrate on");
  return original;
}

}  // namespace dimple::compress
