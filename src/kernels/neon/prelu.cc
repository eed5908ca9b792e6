#include "kernels/vectors/prelu.h"
#include "kernels/neon/simd.h"

using namespace dimple::kernels;

extern "C" void prelu_s8_neon(const DimpleCall* call, DimpleRange rows) { vectors::prelu_s8<neon::Bytes>(*call, rows); }
