#include "kernels/vectors/limit.h"
#include "kernels/avx512_vnni/simd.h"
#include "kernels/vectors/floats.h"

namespace dimple::kernels::avx512_vnni {

int64_t work_in_registers(Work work, int64_t rounds) {
  return vectors::work_in_registers<Bytes, vectors::Floats<Floats>>(work, rounds);
}

}  // namespace dimple::kernels::avx512_vnni
