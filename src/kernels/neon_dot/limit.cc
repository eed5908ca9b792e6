#include "kernels/limit.h"

#include "kernels/neon_dot/simd.h"
#include "kernels/vectors/limit.h"

namespace dimple::kernels::neon_dot {

int64_t multiply_registers(DType dtype, int64_t rounds) {
  return dtype == DType::s8 ? vectors::multiply_registers<Bytes>(rounds) : neon::multiply_registers(dtype, rounds);
}

}  // namespace dimple::kernels::neon_dot
