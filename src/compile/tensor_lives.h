// When the tensors of a planned program are needed, and how much of its arena is.
#pragma once
#include <cstdint>
#include <vector>

#include "format/reader.h"

namespace dimple::compile {

// Steps during which a tensor is needed, both included.
struct Life {
  uint32_t first = 0, last = 0;
};
std::vector<Life> lives_of(const format::Program&);

// During each step: bytes of tensors that are needed and of scratch, each byte of the arena once.
std::vector<int64_t> bytes_in_use(const format::Program&);

}  // namespace dimple::compile
