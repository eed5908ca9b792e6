#include "kernels/vectors/pad.h"
#include "kernels/avx512_vnni/simd.h"

using namespace dimple::kernels;

extern "C" void pad_s8_avx512_vnni(const DimpleCall* call, DimpleRange rows) {
  vectors::pad<avx512_vnni::Bytes>(*call, rows, static_cast<int8_t>(call->in[0].zero_point));
}
extern "C" void pad_f32_avx512_vnni(const DimpleCall* call, DimpleRange rows) {
  vectors::pad<avx512_vnni::Bytes>(*call, rows, 0.0f);
}
