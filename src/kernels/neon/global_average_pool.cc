#include "kernels/vectors/global_average_pool.h"

#include "kernels/neon/simd.h"

extern "C" void global_average_pool_s8_neon(const DimpleCall* call, DimpleRange /*rows: there is one*/) {
  dimple::kernels::vectors::global_average_pool_s8<dimple::kernels::neon::Bytes>(*call);
}
