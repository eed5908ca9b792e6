#include "kernels/vectors/limit.h"
#include "kernels/neon/simd.h"
#include "kernels/vectors/floats.h"

namespace dimple::kernels::neon {

int64_t work_in_registers(Work work, int64_t rounds) {
  return vectors::work_in_registers<Bytes, vectors::Floats<WideFloats>>(work, rounds);
}

}  // namespace dimple::kernels::neon
