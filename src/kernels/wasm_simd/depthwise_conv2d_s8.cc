#include "kernels/vectors/depthwise_s8.h"
#include "kernels/wasm_simd/simd.h"

extern "C" void depthwise_conv2d_s8_wasm_simd(const DimpleCall* call, DimpleRange rows) {
  dimple::kernels::vectors::convolve_depthwise_s8<dimple::kernels::wasm_simd::Bytes>(*call, rows);
}
