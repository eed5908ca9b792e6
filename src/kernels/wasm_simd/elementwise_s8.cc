#include "kernels/vectors/add_s8.h"
#include "kernels/vectors/multiply_s8.h"
#include "kernels/wasm_simd/simd.h"

using namespace dimple::kernels;

extern "C" void add_s8_wasm_simd(const DimpleCall* call, DimpleRange rows) {
  vectors::add_s8<wasm_simd::Bytes>(*call, rows);
}
extern "C" void multiply_s8_wasm_simd(const DimpleCall* call, DimpleRange rows) {
  vectors::multiply_s8<wasm_simd::Bytes>(*call, rows);
}
