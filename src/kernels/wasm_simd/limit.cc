#include "kernels/limit.h"

#include "kernels/vectors/floats.h"
#include "kernels/vectors/limit.h"
#include "kernels/wasm_simd/simd.h"

namespace dimple::kernels::wasm_simd {

int64_t work_in_registers(Work work, int64_t rounds) {
  switch (work) {
    case Work::multiply_f32: return vectors::multiply_registers<vectors::Floats<WideFloats>>(rounds);
    case Work::multiply_s8: return vectors::multiply_registers<Bytes>(rounds);
    case Work::rescale: return vectors::rescale_registers<Bytes>(rounds);
  }
  return 0;
}

}  // namespace dimple::kernels::wasm_simd
