#include "kernels/vectors/clamp.h"
#include "kernels/wasm_simd/simd.h"

using namespace dimple::kernels;

extern "C" void relu_s8_wasm_simd(const DimpleCall* call, DimpleRange rows) {
  vectors::clamp_s8<wasm_simd::Bytes>(*call, rows);
}
extern "C" void relu6_s8_wasm_simd(const DimpleCall* call, DimpleRange rows) {
  vectors::clamp_s8<wasm_simd::Bytes>(*call, rows);
}
