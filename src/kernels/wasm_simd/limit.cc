#include "kernels/vectors/limit.h"
#include "kernels/vectors/floats.h"
#include "kernels/wasm_simd/simd.h"

namespace dimple::kernels::wasm_simd {

int64_t work_in_registers(Work work, int64_t rounds) {
  return vectors::work_in_registers<Bytes, vectors::Floats<WideFloats>>(work, rounds);
}

}  // namespace dimple::kernels::wasm_simd
