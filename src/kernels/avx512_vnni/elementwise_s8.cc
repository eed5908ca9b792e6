#include "kernels/avx512_vnni/simd.h"
#include "kernels/vectors/add_s8.h"
#include "kernels/vectors/multiply_s8.h"

using namespace dimple::kernels;

extern "C" void add_s8_avx512_vnni(const DimpleCall* call, DimpleRange rows) {
  vectors::add_s8<avx512_vnni::Bytes>(*call, rows);
}
extern "C" void multiply_s8_avx512_vnni(const DimpleCall* call, DimpleRange rows) {
  vectors::multiply_s8<avx512_vnni::Bytes>(*call, rows);
}
