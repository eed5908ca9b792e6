#include "kernels/limit.h"

#include "kernels/vectors/floats.h"
#include "kernels/vectors/limit.h"
#include "kernels/wasm_simd/simd.h"

namespace dimple::kernels::wasm_simd {

int64_t multiply_registers(DType dtype, int64_t rounds) {
  if (dtype == DType::s8) return vectors::multiply_registers<Bytes>(rounds);
  return dtype == DType::f32 ? vectors::multiply_registers<vectors::Floats<WideFloats>>(rounds) : 0;
}

}  // namespace dimple::kernels::wasm_simd
