#include "kernels/vectors/global_average_pool.h"

#include "kernels/wasm_simd/simd.h"

using namespace dimple::kernels;

extern "C" void global_average_pool_s8_wasm_simd(const DimpleCall* call, DimpleRange /*rows: there is one*/) {
  vectors::global_average_pool_s8<wasm_simd::Bytes>(*call);
}
extern "C" void global_average_pool_f32_wasm_simd(const DimpleCall* call, DimpleRange /*rows: there is one*/) {
  vectors::global_average_pool_f32<wasm_simd::Floats>(*call);
}
