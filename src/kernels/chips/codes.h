// Short runs of codes, copied and filled without a call.
#pragma once
#include "base/memory.h"
#include "base/platform.h"

namespace dimple::kernels::chips {

DIMPLE_INLINE void copy_four(int8_t* to, const int8_t* from) {
  uint32_t word;
  copy_bytes(&word, from, sizeof word);
  copy_bytes(to, &word, sizeof word);
}

// Returns the end of what it wrote, as the next does.
DIMPLE_INLINE int8_t* copy_codes(int8_t* to, const int8_t* from, int32_t count) {
  for (; count >= 4; count -= 4, to += 4, from += 4) copy_four(to, from);
  for (; count > 0; --count) *to++ = *from++;
  return to;
}

DIMPLE_INLINE int8_t* fill_codes(int8_t* to, int32_t code, int32_t count) {
  for (; count > 0; --count) *to++ = static_cast<int8_t>(code);
  return to;
}

}  // namespace dimple::kernels::chips
