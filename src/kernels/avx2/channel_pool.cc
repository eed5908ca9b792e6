#include "kernels/vectors/channel_pool.h"
#include "kernels/avx2/simd.h"

using namespace dimple::kernels;

extern "C" void channel_max_s8_avx2(const DimpleCall* call, DimpleRange rows) {
  vectors::channel_max<avx2::Bytes, int8_t>(*call, rows);
}
extern "C" void channel_mean_s8_avx2(const DimpleCall* call, DimpleRange rows) {
  vectors::channel_mean_s8<avx2::Bytes>(*call, rows);
}
extern "C" void channel_max_f32_avx2(const DimpleCall* call, DimpleRange rows) {
  vectors::channel_max<avx2::Bytes, float>(*call, rows);
}
extern "C" void channel_mean_f32_avx2(const DimpleCall* call, DimpleRange rows) {
  vectors::channel_mean_f32<avx2::Bytes>(*call, rows);
}
