#include "kernels/vectors/convolve_bits.h"
#include "kernels/wasm_simd/bits.h"

using namespace dimple::kernels;

extern "C" void conv2d_b1_wasm_simd(const DimpleCall* call, DimpleRange rows) {
  vectors::convolve_bits<wasm_simd::Bits>(*call, rows);
}
