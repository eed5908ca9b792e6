#include "kernels/avx_vnni/simd.h"
#include "kernels/vectors/depthwise_s8.h"

extern "C" void depthwise_conv2d_s8_avx_vnni(const DimpleCall* call, DimpleRange rows) {
  dimple::kernels::vectors::convolve_depthwise_s8<dimple::kernels::avx_vnni::Bytes>(*call, rows);
}
