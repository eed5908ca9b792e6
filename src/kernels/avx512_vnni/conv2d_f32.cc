#include "kernels/avx512_vnni/simd.h"
#include "kernels/vectors/convolution.h"
#include "kernels/vectors/floats.h"

using namespace dimple::kernels;
using Form = vectors::Floats<avx512_vnni::Floats>;

extern "C" void conv2d_f32_avx512_vnni(const DimpleCall* call, DimpleRange rows) {
  vectors::convolve<Form>(*call, rows);
}
extern "C" void dense_f32_avx512_vnni(const DimpleCall* call, DimpleRange rows) {
  vectors::multiply_dense<Form>(*call, rows);
}
