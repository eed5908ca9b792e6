#include "kernels/vectors/channel_pool.h"
#include "kernels/wasm_simd/simd.h"

using namespace dimple::kernels;

extern "C" void channel_max_s8_wasm_simd(const DimpleCall* call, DimpleRange rows) {
  vectors::channel_max<wasm_simd::Bytes, int8_t>(*call, rows);
}
extern "C" void channel_mean_s8_wasm_simd(const DimpleCall* call, DimpleRange rows) {
  vectors::channel_mean_s8<wasm_simd::Bytes>(*call, rows);
}
