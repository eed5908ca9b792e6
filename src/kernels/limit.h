// What this core can do at most, to hold kernels against: each instruction set says how (<isa>/limit.cc).
#pragma once
#include "kernels/kernel.h"

namespace dimple::kernels {

// From registers alone: multiply-adds of floats or codes, and sums that become codes.
enum class Work : uint8_t { multiply_f32, multiply_s8, rescale };

// Keeps the core busy, and returns how many multiply-adds or codes that were; 0 where an instruction set does not say.
// It must be here.
int64_t work_in_registers(Isa, Work, int64_t rounds);

#define DIMPLE_X(name)                      \
  namespace name {                          \
  int64_t work_in_registers(Work, int64_t); \
  }
DIMPLE_ISAS(DIMPLE_X)
#undef DIMPLE_X

}  // namespace dimple::kernels
