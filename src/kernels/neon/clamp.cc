#include "kernels/vectors/clamp.h"
#include "kernels/neon/simd.h"

using namespace dimple::kernels;

extern "C" void relu_s8_neon(const DimpleCall* call, DimpleRange rows) { vectors::clamp_s8<neon::Bytes>(*call, rows); }
extern "C" void relu6_s8_neon(const DimpleCall* call, DimpleRange rows) { vectors::clamp_s8<neon::Bytes>(*call, rows); }
