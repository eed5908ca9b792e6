// An allocator that keeps the memory of tensors from step to step. The C library returns it to the system and faults it
// in again, page by page, in each step: a tenth of a step's time, and the half of it that varies.
#pragma once
#include <cstddef>

namespace dimple::nn {

// Serves each tensor on the processor of this process from now on; may be called again.
void keep_memory();

struct KeptMemory {
  size_t reserved = 0;  // bytes taken from the system, for good
  size_t handed_out = 0;
};
KeptMemory kept_memory();

}  // namespace dimple::nn
