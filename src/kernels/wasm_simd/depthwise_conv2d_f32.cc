#include "kernels/vectors/depthwise_f32.h"
#include "kernels/wasm_simd/simd.h"

extern "C" void depthwise_conv2d_f32_wasm_simd(const DimpleCall* call, DimpleRange rows) {
  dimple::kernels::vectors::convolve_depthwise_f32<dimple::kernels::wasm_simd::Floats>(*call, rows);
}
