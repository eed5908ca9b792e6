// Those of avx512_vnni.
#include "kernels/limit.h"

namespace dimple::kernels::avx512_vpopcntdq {

int64_t work_in_registers(Work work, int64_t rounds) { return avx512_vnni::work_in_registers(work, rounds); }

}  // namespace dimple::kernels::avx512_vpopcntdq
