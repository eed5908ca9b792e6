#include "kernels/vectors/limit.h"
#include "kernels/avx2/simd.h"
#include "kernels/vectors/floats.h"

namespace dimple::kernels::avx2 {

int64_t work_in_registers(Work work, int64_t rounds) {
  return vectors::work_in_registers<Bytes, vectors::Floats<Floats>>(work, rounds);
}

}  // namespace dimple::kernels::avx2
