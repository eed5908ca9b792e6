#include "kernels/avx2/simd.h"
#include "kernels/vectors/convolution.h"
#include "kernels/vectors/floats.h"

using namespace dimple::kernels;
using Form = vectors::Floats<avx2::Floats>;

extern "C" void conv2d_f32_avx2(const DimpleCall* call, DimpleRange rows) { vectors::convolve<Form>(*call, rows); }
extern "C" void dense_f32_avx2(const DimpleCall* call, DimpleRange rows) { vectors::multiply_dense<Form>(*call, rows); }
