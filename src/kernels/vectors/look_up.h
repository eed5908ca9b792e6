// A function of one code, by its table (ops/look_up.h). Codes are moved to 0 .. 255 first.
//
// Words of W: Table (made of 256 codes that begin with that of -128), kAtOnce, look_up(codes, to) of a table: kAtOnce codes.
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

// Where a shuffle looks up 16 codes: a table is 16 parts. Moved by 16 t, the codes of part t lie in 0 .. 15, and all others
// have their highest bit set, for which the shuffle gives 0.
//
// Words of S: Codes (a vector), spread(sixteen codes), add_saturated(a, b) of unsigned codes, shuffle(part, places).
template <class S>
struct LookUpByParts {
  using Codes = typename S::Codes;
  static constexpr int32_t kAtOnce = sizeof(Codes);

  struct Table {
    Codes part[16];

    DIMPLE_INLINE explicit Table(const int8_t* codes) {
#pragma GCC unroll 16
      for (int32_t t = 0; t < 16; ++t) part[t] = S::spread(codes + 16 * t);
    }
    DIMPLE_INLINE void look_up(const int8_t* from, int8_t* to) const {
      Codes code = load<Codes>(from) ^ (Codes{} + int8_t{-128});
      const Codes beyond = Codes{} + int8_t{0x70}, sixteen = Codes{} + int8_t{16};
      Codes found{};
#pragma GCC unroll 16
      for (int32_t t = 0; t < 16; ++t) {
        found |= S::shuffle(part[t], S::add_saturated(code, beyond));
        code -= sixteen;
      }
      store(to, found);
    }
  };
};

}  // namespace dimple::kernels::vectors
