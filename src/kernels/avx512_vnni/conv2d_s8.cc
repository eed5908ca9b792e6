#include "kernels/avx512_vnni/simd.h"
#include "kernels/vectors/convolution_s8.h"

extern "C" void conv2d_s8_avx512_vnni(const DimpleCall* call, DimpleRange rows) {
  dimple::kernels::vectors::convolve_s8<dimple::kernels::avx512_vnni::Bytes>(*call, rows);
}
extern "C" void dense_s8_avx512_vnni(const DimpleCall* call, DimpleRange rows) {
  dimple::kernels::vectors::multiply_dense_s8<dimple::kernels::avx512_vnni::Bytes>(*call, rows);
}
