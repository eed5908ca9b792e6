#include "kernels/vectors/concat.h"
#include "kernels/avx512_vnni/simd.h"

using namespace dimple::kernels;

extern "C" void concat_s8_avx512_vnni(const DimpleCall* call, DimpleRange rows) {
  vectors::concat_s8<avx512_vnni::Bytes>(*call, rows);
}
extern "C" void concat_f32_avx512_vnni(const DimpleCall* call, DimpleRange rows) {
  vectors::concat_f32<avx512_vnni::Bytes>(*call, rows);
}
