#include "kernels/neon/simd.h"
#include "kernels/vectors/depthwise_s8.h"

extern "C" void depthwise_conv2d_s8_neon(const DimpleCall* call, DimpleRange rows) {
  dimple::kernels::vectors::convolve_depthwise_s8<dimple::kernels::neon::Bytes>(*call, rows);
}
