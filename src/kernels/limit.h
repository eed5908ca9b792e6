// What this core can multiply and add at most, to hold kernels against: each instruction set says how (<isa>/limit.cc).
#pragma once
#include "kernels/kernel.h"

namespace dimple::kernels {

// Keeps the core busy with products of that type, and returns how many multiply-adds it did; 0 where an instruction set
// does not say. It must be here.
int64_t multiply_registers(Isa, DType, int64_t rounds);

#define DIMPLE_X(name)                        \
  namespace name {                            \
  int64_t multiply_registers(DType, int64_t); \
  }
DIMPLE_ISAS(DIMPLE_X)
#undef DIMPLE_X

}  // namespace dimple::kernels
