// A function of one code, by its table (ops/look_up.h). Codes are moved to 0 .. 255 first.
//
// Words of W: Table (made of 256 codes that begin with that of -128), kAtOnce, look_up(table, codes, to): kAtOnce codes.
#pragma once
#include "kernels/vectors/vector.h"
#include "ops/look_up.h"

namespace dimple::kernels::vectors {

template <class W>
DIMPLE_INLINE void look_up(const ops::Call& call, ops::Range rows) {
  const auto* codes = static_cast<const int8_t*>(call.weight);
  const typename W::Table table(codes);
  const auto* from = static_cast<const int8_t*>(call.in[0].data);
  auto* to = static_cast<int8_t*>(call.out.data);
  const ops::Range elements = ops::elements_of(call.out, rows);
  int32_t i = elements.first;
  for (; i + W::kAtOnce <= elements.last; i += W::kAtOnce) table.look_up(from + i, to + i);
  for (; i < elements.last; ++i) to[i] = codes[from[i] + 128];
}

}  // namespace dimple::kernels::vectors
