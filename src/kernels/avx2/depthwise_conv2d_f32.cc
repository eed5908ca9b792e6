#include "kernels/avx2/simd.h"
#include "kernels/vectors/depthwise_f32.h"

extern "C" void depthwise_conv2d_f32_avx2(const DimpleCall* call, DimpleRange rows) {
  dimple::kernels::vectors::convolve_depthwise_f32<dimple::kernels::avx2::Floats>(*call, rows);
}
