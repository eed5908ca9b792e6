// Floats are those of avx2.
#include "kernels/limit.h"

#include "kernels/avx_vnni/simd.h"
#include "kernels/vectors/limit.h"

namespace dimple::kernels::avx_vnni {

int64_t multiply_registers(DType dtype, int64_t rounds) {
  return dtype == DType::s8 ? vectors::multiply_registers<Bytes>(rounds) : avx2::multiply_registers(dtype, rounds);
}

}  // namespace dimple::kernels::avx_vnni
