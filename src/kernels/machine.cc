// Every instruction set answers for itself whether this processor has it (<isa>/here.cc); those that were not compiled
// in are not asked.
#include "kernels/select.h"

namespace dimple::kernels {

#define DIMPLE_X(name) \
  namespace name {     \
  bool here();         \
  }
DIMPLE_ISAS(DIMPLE_X)
#undef DIMPLE_X

IsaSet isas_here() {
  IsaSet isas;
#define DIMPLE_X(name)                  \
  if constexpr (DIMPLE_HAS_##name != 0) \
    if (name::here()) isas = isas.with(Isa::name);
  DIMPLE_ISAS(DIMPLE_X)
#undef DIMPLE_X
  return isas;
}

}  // namespace dimple::kernels
