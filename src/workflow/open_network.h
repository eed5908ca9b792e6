// A network to be timed or profiled: a model, or an architecture of the zoo with random weights.
#pragma once
#include <string>

#include "inference/opened_model.h"

namespace dimple::workflow {

struct NetworkToOpen {
  std::string model;               // a shipped model, a file, or an architecture
  std::string precision = "int8";  // of an architecture: int8 or f32
  std::string input;               // of an architecture, HEIGHTxWIDTHxCHANNELS; "": its own
};

// An architecture has a graph and no program yet.
inference::OpenedModel open_network(const NetworkToOpen&);

}  // namespace dimple::workflow
