#include "kernels/few_bits/convolve.h"
#include "kernels/vectors/codes.h"
#include "kernels/vectors/convolution.h"
#include "kernels/wasm_simd/simd.h"

using namespace dimple::kernels;
using Form = vectors::Codes<wasm_simd::Bytes>;

extern "C" void conv2d_s8_wasm_simd(const DimpleCall* call, DimpleRange rows) { vectors::convolve<Form>(*call, rows); }
extern "C" void dense_s8_wasm_simd(const DimpleCall* call, DimpleRange rows) {
  vectors::multiply_dense<Form>(*call, rows);
}
extern "C" void conv2d_s8_b1_wasm_simd(const DimpleCall* call, DimpleRange rows) { conv2d_s8_wasm_simd(call, rows); }

extern "C" void conv2d_s8_c4_wasm_simd(const DimpleCall* call, DimpleRange rows) {
  few_bits::convolve<Layout::out8_in2_s16_factor, conv2d_s8_wasm_simd, wasm_simd::SixteenBytes>(*call, rows, 4);
}
extern "C" void conv2d_s8_c5_wasm_simd(const DimpleCall* call, DimpleRange rows) {
  few_bits::convolve<Layout::out8_in2_s16_factor, conv2d_s8_wasm_simd, wasm_simd::SixteenBytes>(*call, rows, 5);
}
