// Memory of tensors that one step gives back is kept for the next one. What the C library gives back to the system it
// has to fault in again, page by page, at every step: a tenth of the time of a training step, and the half that swings.
#pragma once
#include <cstddef>

namespace dimple::nn {

// From now on, for every tensor on the processor of this process; may be called again.
void keep_memory();

struct KeptMemory {
  size_t reserved = 0;  // bytes taken from the system, for good
  size_t handed_out = 0;
};
KeptMemory kept_memory();

}  // namespace dimple::nn
