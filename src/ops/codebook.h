// Weights that are codes: number i of them is `bits` bits from bit i * bits on, of words that lie one behind the other,
// and names an entry of the codebook of its output channel.
#pragma once
#include "base/platform.h"
#include "ops/call.h"

namespace dimple::ops {

// The codebook of an output channel.
DIMPLE_INLINE const int8_t* codebook_of(const DimpleCall& call, int32_t bits, int32_t channel) {
  return call.codebook + channel / call.codebook_channels * (1 << bits);
}

// Code i. 32 of them fill as many words as one has bits.
DIMPLE_INLINE uint32_t code_at(const void* weights, uint32_t bits, uint32_t i) {
  const auto* const words = static_cast<const uint32_t*>(weights);
  const uint32_t bit = i % 32 * bits, shift = bit % 32, word = i / 32 * bits + bit / 32;
  uint32_t code = words[word] >> shift;
  if (shift + bits > 32) code |= words[word + 1] << (32 - shift);
  return code & ((1u << bits) - 1);
}

}  // namespace dimple::ops
