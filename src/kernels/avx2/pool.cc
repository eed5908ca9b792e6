#include "kernels/avx2/simd.h"
#include "kernels/vectors/average_pool.h"
#include "kernels/vectors/max_pool.h"

using namespace dimple::kernels;
using Words = avx2::Bytes;

extern "C" void max_pool_s8_avx2(const DimpleCall* call, DimpleRange rows) {
  vectors::max_pool<Words, int8_t>(*call, rows);
}
extern "C" void max_pool_f32_avx2(const DimpleCall* call, DimpleRange rows) {
  vectors::max_pool<Words, float>(*call, rows);
}
extern "C" void average_pool_s8_avx2(const DimpleCall* call, DimpleRange rows) {
  vectors::average_pool_s8<Words>(*call, rows);
}
extern "C" void average_pool_f32_avx2(const DimpleCall* call, DimpleRange rows) {
  vectors::average_pool_f32<Words>(*call, rows);
}
extern "C" void global_max_pool_s8_avx2(const DimpleCall* call, DimpleRange /*rows: there is one*/) {
  vectors::global_max_pool<Words, int8_t>(*call);
}
extern "C" void global_max_pool_f32_avx2(const DimpleCall* call, DimpleRange /*rows: there is one*/) {
  vectors::global_max_pool<Words, float>(*call);
}
