// What a compression begins with: a float network, and data read as that network reads it.
#pragma once
#include "compress/compress.h"
#include "data/dataset.h"
#include "model/model.h"

namespace dimple::compress {

struct Original {
  train::TrainRequest training;  // as asked for, but for the size and the colours of pictures, which are the network's
  data::Dataset set;
  model::Model model;
};

// The model that is named, as floats where it is an integer one; else the architecture, with weights from --init, or
// random ones where it is to be binarised. Throws host::Error where there is none, where its weights are no numbers, and
// for data of other classes or without training pictures.
Original load_original(const CompressRequest&, const host::Task&);

}  // namespace dimple::compress
