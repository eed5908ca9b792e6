#include "kernels/neon_dot/simd.h"
#include "kernels/vectors/depthwise_s8.h"

extern "C" void depthwise_conv2d_s8_neon_dot(const DimpleCall* call, DimpleRange rows) {
  dimple::kernels::vectors::convolve_depthwise_s8<dimple::kernels::neon_dot::Bytes>(*call, rows);
}
