#include "kernels/neon/simd.h"
#include "kernels/vectors/convolution.h"
#include "kernels/vectors/floats.h"

using namespace dimple::kernels;
using Form = vectors::Floats<neon::WideFloats>;

extern "C" void conv2d_f32_neon(const DimpleCall* call, DimpleRange rows) { vectors::convolve<Form>(*call, rows); }
extern "C" void dense_f32_neon(const DimpleCall* call, DimpleRange rows) { vectors::multiply_dense<Form>(*call, rows); }
