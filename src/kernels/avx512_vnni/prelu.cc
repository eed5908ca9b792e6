#include "kernels/vectors/prelu.h"
#include "kernels/avx512_vnni/simd.h"

using namespace dimple::kernels;

extern "C" void prelu_s8_avx512_vnni(const DimpleCall* call, DimpleRange rows) {
  vectors::prelu_s8<avx512_vnni::Bytes>(*call, rows);
}
extern "C" void prelu_f32_avx512_vnni(const DimpleCall* call, DimpleRange rows) {
  vectors::prelu_f32<avx512_vnni::Floats>(*call, rows);
}
