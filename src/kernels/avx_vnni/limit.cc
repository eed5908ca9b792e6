// Floats, and from sums to codes: those of avx2.
#include "kernels/limit.h"

#include "kernels/avx_vnni/simd.h"
#include "kernels/vectors/limit.h"

namespace dimple::kernels::avx_vnni {

int64_t work_in_registers(Work work, int64_t rounds) {
  return work == Work::multiply_s8 ? vectors::multiply_registers<Bytes>(rounds) : avx2::work_in_registers(work, rounds);
}

}  // namespace dimple::kernels::avx_vnni
