#include "kernels/vectors/global_average_pool.h"

#include "kernels/wasm_simd/simd.h"

extern "C" void global_average_pool_s8_wasm_simd(const DimpleCall* call, DimpleRange /*rows: there is one*/) {
  dimple::kernels::vectors::global_average_pool_s8<dimple::kernels::wasm_simd::Bytes>(*call);
}
