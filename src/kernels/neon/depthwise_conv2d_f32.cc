#include "kernels/neon/simd.h"
#include "kernels/vectors/depthwise_f32.h"

extern "C" void depthwise_conv2d_f32_neon(const DimpleCall* call, DimpleRange rows) {
  dimple::kernels::vectors::convolve_depthwise_f32<dimple::kernels::neon::Floats>(*call, rows);
}
