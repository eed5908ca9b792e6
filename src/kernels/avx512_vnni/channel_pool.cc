#include "kernels/vectors/channel_pool.h"
#include "kernels/avx512_vnni/simd.h"

using namespace dimple::kernels;

extern "C" void channel_max_s8_avx512_vnni(const DimpleCall* call, DimpleRange rows) {
  vectors::channel_max<avx512_vnni::Bytes, int8_t>(*call, rows);
}
extern "C" void channel_mean_s8_avx512_vnni(const DimpleCall* call, DimpleRange rows) {
  vectors::channel_mean_s8<avx512_vnni::Bytes>(*call, rows);
}
extern "C" void channel_max_f32_avx512_vnni(const DimpleCall* call, DimpleRange rows) {
  vectors::channel_max<avx512_vnni::Bytes, float>(*call, rows);
}
extern "C" void channel_mean_f32_avx512_vnni(const DimpleCall* call, DimpleRange rows) {
  vectors::channel_mean_f32<avx512_vnni::Bytes>(*call, rows);
}
