#include "kernels/avx2/simd.h"
#include "kernels/vectors/convolution_s8.h"

extern "C" void conv2d_s8_avx2(const DimpleCall* call, DimpleRange rows) {
  dimple::kernels::vectors::convolve_s8<dimple::kernels::avx2::Bytes>(*call, rows);
}
extern "C" void dense_s8_avx2(const DimpleCall* call, DimpleRange rows) {
  dimple::kernels::vectors::multiply_dense_s8<dimple::kernels::avx2::Bytes>(*call, rows);
}
