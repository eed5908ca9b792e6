#include "kernels/limit.h"

#include "kernels/neon/simd.h"
#include "kernels/vectors/floats.h"
#include "kernels/vectors/limit.h"

namespace dimple::kernels::neon {

int64_t multiply_registers(DType dtype, int64_t rounds) {
  if (dtype == DType::s8) return vectors::multiply_registers<Bytes>(rounds);
  return dtype == DType::f32 ? vectors::multiply_registers<vectors::Floats<WideFloats>>(rounds) : 0;
}

}  // namespace dimple::kernels::neon
