#include "kernels/neon/simd.h"
#include "kernels/vectors/average_pool.h"
#include "kernels/vectors/max_pool.h"

using namespace dimple::kernels;
using Words = neon::Bytes;

extern "C" void max_pool_s8_neon(const DimpleCall* call, DimpleRange rows) {
  vectors::max_pool<Words, int8_t>(*call, rows);
}
extern "C" void average_pool_s8_neon(const DimpleCall* call, DimpleRange rows) {
  vectors::average_pool_s8<Words>(*call, rows);
}
extern "C" void global_max_pool_s8_neon(const DimpleCall* call, DimpleRange /*rows: there is one*/) {
  vectors::global_max_pool<Words, int8_t>(*call);
}
