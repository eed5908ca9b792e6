#include "kernels/vectors/concat.h"
#include "kernels/avx2/simd.h"

using namespace dimple::kernels;

extern "C" void concat_s8_avx2(const DimpleCall* call, DimpleRange rows) {
  vectors::concat_s8<avx2::Bytes>(*call, rows);
}
extern "C" void concat_f32_avx2(const DimpleCall* call, DimpleRange rows) {
  vectors::concat_f32<avx2::Bytes>(*call, rows);
}
