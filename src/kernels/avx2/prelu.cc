#include "kernels/vectors/prelu.h"
#include "kernels/avx2/simd.h"

using namespace dimple::kernels;

extern "C" void prelu_s8_avx2(const DimpleCall* call, DimpleRange rows) { vectors::prelu_s8<avx2::Bytes>(*call, rows); }
extern "C" void prelu_f32_avx2(const DimpleCall* call, DimpleRange rows) {
  vectors::prelu_f32<avx2::Floats>(*call, rows);
}
