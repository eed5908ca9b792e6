#include "kernels/vectors/clamp.h"
#include "kernels/avx512_vnni/simd.h"

using namespace dimple::kernels;

extern "C" void relu_s8_avx512_vnni(const DimpleCall* call, DimpleRange rows) {
  vectors::clamp_s8<avx512_vnni::Bytes>(*call, rows);
}
extern "C" void relu6_s8_avx512_vnni(const DimpleCall* call, DimpleRange rows) {
  vectors::clamp_s8<avx512_vnni::Bytes>(*call, rows);
}
