#include "kernels/limit.h"

namespace dimple::kernels {

int64_t work_in_registers(Isa isa, Work work, int64_t rounds) {
  switch (isa) {
    case Isa::portable: return 0;
#define DIMPLE_X(name)                                                                  \
  case Isa::name:                                                                       \
    if constexpr (DIMPLE_HAS_##name != 0) return name::work_in_registers(work, rounds); \
    break;
      DIMPLE_ISAS(DIMPLE_X)
#undef DIMPLE_X
  }
  return 0;
}

}  // namespace dimple::kernels
