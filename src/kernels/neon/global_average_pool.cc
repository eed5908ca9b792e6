#include "kernels/vectors/global_average_pool.h"

#include "kernels/neon/simd.h"

using namespace dimple::kernels;

extern "C" void global_average_pool_s8_neon(const DimpleCall* call, DimpleRange /*rows: there is one*/) {
  vectors::global_average_pool_s8<neon::Bytes>(*call);
}
extern "C" void global_average_pool_f32_neon(const DimpleCall* call, DimpleRange /*rows: there is one*/) {
  vectors::global_average_pool_f32<neon::Floats>(*call);
}
