#include "kernels/avx512_vnni/simd.h"
#include "kernels/vectors/depthwise_f32.h"

extern "C" void depthwise_conv2d_f32_avx512_vnni(const DimpleCall* call, DimpleRange rows) {
  dimple::kernels::vectors::convolve_depthwise_f32<dimple::kernels::avx512_vnni::Floats>(*call, rows);
}
