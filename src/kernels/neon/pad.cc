#include "kernels/vectors/pad.h"
#include "kernels/neon/simd.h"

using namespace dimple::kernels;

extern "C" void pad_s8_neon(const DimpleCall* call, DimpleRange rows) {
  vectors::pad<neon::Bytes>(*call, rows, static_cast<int8_t>(call->in[0].zero_point));
}
