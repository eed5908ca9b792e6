#include "kernels/vectors/concat.h"
#include "kernels/wasm_simd/simd.h"

using namespace dimple::kernels;

extern "C" void concat_s8_wasm_simd(const DimpleCall* call, DimpleRange rows) {
  vectors::concat_s8<wasm_simd::Bytes>(*call, rows);
}
