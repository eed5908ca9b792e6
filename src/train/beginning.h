// What work on a trained network begins with: a float network, and data read as that network reads it.
#pragma once
#include <string>

#include "data/dataset.h"
#include "host/task.h"
#include "model/model.h"
#include "train/request.h"

namespace dimple::train {

struct Beginning {
  TrainRequest
      training;  // as asked for, but for what the network says of its pictures: size, colours, standardised or not
  data::Dataset set;
  model::Model model;
};

// The model that is named (a shipped one, or a file), as floats where it is an integer one; "": the recipe's architecture,
// with weights from --init or random ones. Throws host::Error(Exit::input) for data of other classes, and what
// load_training_data throws.
Beginning load_beginning(const std::string& model, const TrainRequest& request, const host::Task& task);

}  // namespace dimple::train
