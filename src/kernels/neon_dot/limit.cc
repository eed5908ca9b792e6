#include "kernels/limit.h"

#include "kernels/neon_dot/simd.h"
#include "kernels/vectors/limit.h"

namespace dimple::kernels::neon_dot {

int64_t work_in_registers(Work work, int64_t rounds) {
  return work == Work::multiply_s8 ? vectors::multiply_registers<Bytes>(rounds) : neon::work_in_registers(work, rounds);
}

}  // namespace dimple::kernels::neon_dot
