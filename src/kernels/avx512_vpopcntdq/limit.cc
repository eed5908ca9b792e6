// Products are those of avx512_vnni.
#include "kernels/limit.h"

namespace dimple::kernels::avx512_vpopcntdq {

int64_t multiply_registers(DType dtype, int64_t rounds) { return avx512_vnni::multiply_registers(dtype, rounds); }

}  // namespace dimple::kernels::avx512_vpopcntdq
