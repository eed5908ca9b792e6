// Data as a model reads it.
#pragma once
#include "data/load.h"
#include "image/preprocess.h"

namespace dimple::workflow {

// What the user left open is the model's: the size of its pictures and their channels.
inline data::LoadOptions load_for(const image::Preprocess& model, data::LoadOptions options, const host::Task& task) {
  if (options.size == 0 && model.width == model.height) options.size = model.width;
  if (options.channels == 0) options.channels = model.channels;
  options.task = task;
  return options;
}

}  // namespace dimple::workflow
