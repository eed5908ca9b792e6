#include "kernels/few_bits/convolve.h"
#include "kernels/neon/simd.h"
#include "kernels/vectors/codes.h"
#include "kernels/vectors/convolution.h"

using namespace dimple::kernels;
using Form = vectors::Codes<neon::Bytes>;

extern "C" void conv2d_s8_neon(const DimpleCall* call, DimpleRange rows) { vectors::convolve<Form>(*call, rows); }
extern "C" void dense_s8_neon(const DimpleCall* call, DimpleRange rows) { vectors::multiply_dense<Form>(*call, rows); }
extern "C" void conv2d_s8_b1_neon(const DimpleCall* call, DimpleRange rows) { conv2d_s8_neon(call, rows); }

extern "C" void conv2d_s8_c4_neon(const DimpleCall* call, DimpleRange rows) {
  few_bits::convolve<Layout::out8_in1_s16, conv2d_s8_neon, neon::SixteenBytes>(*call, rows, 4);
}
extern "C" void conv2d_s8_c5_neon(const DimpleCall* call, DimpleRange rows) {
  few_bits::convolve<Layout::out8_in1_s16, conv2d_s8_neon, neon::SixteenBytes>(*call, rows, 5);
}
