// A PyTorch checkpoint (.pth, .pt, .bin) read without Python: a zip archive with a pickle and one entry per storage.
// The pickle is read as data (model/pickle.h); whatever a state dict does not need is refused, so that a file from a
// stranger can do no more than be wrong. A dict inside of {"state_dict": ...} or {"model": ...} is found; entries that
// are no tensors are passed over.
#pragma once
#include <cstdint>
#include <span>
#include <string>

#include "model/state_dict.h"

namespace dimple::model {

// Throws host::Error(Exit::model) that names `source` and what to do.
StateDict read_pth(std::span<const uint8_t> bytes, const std::string& source);

}  // namespace dimple::model
