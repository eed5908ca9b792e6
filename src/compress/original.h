// What a compression begins with: a float network, and data read as that network reads it.
#pragma once
#include "compress/compress.h"
#include "train/beginning.h"

namespace dimple::compress {

using Original = train::Beginning;

// The model that is named, as floats where it is an integer one; else the architecture, with weights from --init, or
// random ones where it is to be binarised. Throws host::Error where there is none, where its weights are no numbers, and
// for data of other classes or without training pictures.
Original load_original(const CompressRequest&, const host::Task&);

}  // namespace dimple::compress
