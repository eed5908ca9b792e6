#include "kernels/vectors/average_pool.h"
#include "kernels/vectors/max_pool.h"
#include "kernels/wasm_simd/simd.h"

using namespace dimple::kernels;
using Words = wasm_simd::Bytes;

extern "C" void max_pool_s8_wasm_simd(const DimpleCall* call, DimpleRange rows) {
  vectors::max_pool<Words, int8_t>(*call, rows);
}
extern "C" void average_pool_s8_wasm_simd(const DimpleCall* call, DimpleRange rows) {
  vectors::average_pool_s8<Words>(*call, rows);
}
extern "C" void global_max_pool_s8_wasm_simd(const DimpleCall* call, DimpleRange /*rows: there is one*/) {
  vectors::global_max_pool<Words, int8_t>(*call);
}
