#include "kernels/vectors/global_average_pool.h"

#include "kernels/avx512_vnni/simd.h"

using namespace dimple::kernels;

extern "C" void global_average_pool_s8_avx512_vnni(const DimpleCall* call, DimpleRange /*rows: there is one*/) {
  vectors::global_average_pool_s8<avx512_vnni::Bytes>(*call);
}
extern "C" void global_average_pool_f32_avx512_vnni(const DimpleCall* call, DimpleRange /*rows: there is one*/) {
  vectors::global_average_pool_f32<avx512_vnni::Floats>(*call);
}
