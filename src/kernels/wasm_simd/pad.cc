#include "kernels/vectors/pad.h"
#include "kernels/wasm_simd/simd.h"

using namespace dimple::kernels;

extern "C" void pad_s8_wasm_simd(const DimpleCall* call, DimpleRange rows) {
  vectors::pad<wasm_simd::Bytes>(*call, rows, static_cast<int8_t>(call->in[0].zero_point));
}
