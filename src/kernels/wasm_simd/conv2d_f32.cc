#include "kernels/vectors/convolution.h"
#include "kernels/vectors/floats.h"
#include "kernels/wasm_simd/simd.h"

using namespace dimple::kernels;
using Form = vectors::Floats<wasm_simd::WideFloats>;

extern "C" void conv2d_f32_wasm_simd(const DimpleCall* call, DimpleRange rows) { vectors::convolve<Form>(*call, rows); }
extern "C" void dense_f32_wasm_simd(const DimpleCall* call, DimpleRange rows) {
  vectors::multiply_dense<Form>(*call, rows);
}
