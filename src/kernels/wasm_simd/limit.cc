#include "kernels/limit.h"

#include "kernels/vectors/limit.h"
#include "kernels/wasm_simd/simd.h"

namespace dimple::kernels::wasm_simd {

int64_t multiply_registers(DType dtype, int64_t rounds) {
  return dtype == DType::s8 ? vectors::multiply_registers<Bytes>(rounds) : 0;
}

}  // namespace dimple::kernels::wasm_simd
