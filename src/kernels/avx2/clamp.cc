#include "kernels/vectors/clamp.h"
#include "kernels/avx2/simd.h"

using namespace dimple::kernels;

extern "C" void relu_s8_avx2(const DimpleCall* call, DimpleRange rows) { vectors::clamp_s8<avx2::Bytes>(*call, rows); }
extern "C" void relu6_s8_avx2(const DimpleCall* call, DimpleRange rows) { vectors::clamp_s8<avx2::Bytes>(*call, rows); }
