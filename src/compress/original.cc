#include "compress/original.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "data/split.h"

namespace dimple::compress {
namespace {

using host::Error;
using host::Exit;

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
  Original original = train::load_beginning(request.model, request.training, task);
  const std::string source = request.model.empty() ? original.training.recipe.arch : request.model;
  check_numbers(original.model, source);
  if (data::rows_of(original.set, data::Split::train).empty())
    throw Error(Exit::input, original.set.name + " has no training pictures to calibrate on");
  return original;
}

}  // namespace dimple::compress
