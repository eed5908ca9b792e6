#include "kernels/vectors/pad.h"
#include "kernels/avx2/simd.h"

using namespace dimple::kernels;

extern "C" void pad_s8_avx2(const DimpleCall* call, DimpleRange rows) {
  vectors::pad<avx2::Bytes>(*call, rows, static_cast<int8_t>(call->in[0].zero_point));
}
extern "C" void pad_f32_avx2(const DimpleCall* call, DimpleRange rows) { vectors::pad<avx2::Bytes>(*call, rows, 0.0f); }
