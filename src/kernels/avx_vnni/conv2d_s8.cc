#include "kernels/avx_vnni/simd.h"
#include "kernels/few_bits/convolve.h"
#include "kernels/vectors/codes.h"
#include "kernels/vectors/convolution.h"

using namespace dimple::kernels;
using Form = vectors::Codes<avx_vnni::Bytes>;

extern "C" void conv2d_s8_avx_vnni(const DimpleCall* call, DimpleRange rows) { vectors::convolve<Form>(*call, rows); }
extern "C" void dense_s8_avx_vnni(const DimpleCall* call, DimpleRange rows) {
  vectors::multiply_dense<Form>(*call, rows);
}

extern "C" void conv2d_s8_c4_avx_vnni(const DimpleCall* call, DimpleRange rows) {
  few_bits::convolve<Layout::out8_in4_u8, conv2d_s8_avx_vnni, avx2::SixteenBytes>(*call, rows, 4);
}
extern "C" void conv2d_s8_c5_avx_vnni(const DimpleCall* call, DimpleRange rows) {
  few_bits::convolve<Layout::out8_in4_u8, conv2d_s8_avx_vnni, avx2::SixteenBytes>(*call, rows, 5);
}
