#include "kernels/avx2/simd.h"
#include "kernels/vectors/depthwise_s8.h"

extern "C" void depthwise_conv2d_s8_avx2(const DimpleCall* call, DimpleRange rows) {
  dimple::kernels::vectors::convolve_depthwise_s8<dimple::kernels::avx2::Bytes>(*call, rows);
}
