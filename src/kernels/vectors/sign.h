// Codes to bits: whether a code reaches the threshold of its channel. Thresholds from -128, which every code reaches, to 128,
// which none does, are more than codes, so they are compared in 16 bits.
#pragma once
#include "kernels/vectors/vector.h"
#include "ops/kernel_call.h"

namespace dimple::kernels::vectors {

// Each lane puts its bit into a byte of its own, and the bytes are added up: no sum of the multiplication carries.
DIMPLE_INLINE uint32_t eight_signs(const int8_t* from, const int32_t* thresholds) {
  using Bytes [[gnu::vector_size(8)]] = int8_t;
  using Halves [[gnu::vector_size(16)]] = int16_t;
  using Words [[gnu::vector_size(32)]] = int32_t;
  const auto codes = __builtin_convertvector(load<Bytes>(from), Halves);
  const auto first = __builtin_convertvector(clamped(load<Words>(thresholds), Words{} - 128, Words{} + 128), Halves);
  const Bytes places = {1, 2, 4, 8, 16, 32, 64, -128};
  const auto bits = as<uint64_t>(__builtin_convertvector(codes >= first, Bytes) & places);
  return static_cast<uint32_t>(bits * 0x0101010101010101u >> 56);
}

// A word is written when its codes are read: an output may lie over its input.
DIMPLE_INLINE void sign_s8(const ops::Call& call, ops::Range rows) {
  const ops::Range elements = ops::elements_of(call.out, rows);
  const int32_t channels = call.out.channels;
  const auto* from = static_cast<const int8_t*>(call.in[0].data) + elements.first;
  const auto* const thresholds = static_cast<const int32_t*>(call.bias);
  auto* to = static_cast<uint32_t*>(call.out.data) + elements.first / 32;
  for (int32_t pixel = elements.first; pixel < elements.last; pixel += channels)
    for (int32_t c = 0; c < channels; c += 32) {
      uint32_t word = 0;
#pragma GCC unroll 4
      for (int32_t i = 0; i < 32; i += 8, from += 8) word |= eight_signs(from, thresholds + c + i) << i;
      *to++ = word;
    }
}

}  // namespace dimple::kernels::vectors
