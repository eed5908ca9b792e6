#include "kernels/vectors/channel_pool.h"
#include "kernels/neon/simd.h"

using namespace dimple::kernels;

extern "C" void channel_max_s8_neon(const DimpleCall* call, DimpleRange rows) {
  vectors::channel_max<neon::Bytes, int8_t>(*call, rows);
}
extern "C" void channel_mean_s8_neon(const DimpleCall* call, DimpleRange rows) {
  vectors::channel_mean_s8<neon::Bytes>(*call, rows);
}
