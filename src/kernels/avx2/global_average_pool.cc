#include "kernels/vectors/global_average_pool.h"

#include "kernels/avx2/simd.h"

using namespace dimple::kernels;

extern "C" void global_average_pool_s8_avx2(const DimpleCall* call, DimpleRange /*rows: there is one*/) {
  vectors::global_average_pool_s8<avx2::Bytes>(*call);
}
extern "C" void global_average_pool_f32_avx2(const DimpleCall* call, DimpleRange /*rows: there is one*/) {
  vectors::global_average_pool_f32<avx2::Floats>(*call);
}
