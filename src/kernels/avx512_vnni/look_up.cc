#include "kernels/vectors/look_up.h"
#include "kernels/avx512_vnni/simd.h"

using namespace dimple::kernels;

extern "C" void hard_sigmoid_s8_avx512_vnni(const DimpleCall* call, DimpleRange rows) {
  vectors::look_up<avx512_vnni::LookUp>(*call, rows);
}
extern "C" void hard_swish_s8_avx512_vnni(const DimpleCall* call, DimpleRange rows) {
  vectors::look_up<avx512_vnni::LookUp>(*call, rows);
}
extern "C" void sigmoid_s8_avx512_vnni(const DimpleCall* call, DimpleRange rows) {
  vectors::look_up<avx512_vnni::LookUp>(*call, rows);
}
extern "C" void swish_s8_avx512_vnni(const DimpleCall* call, DimpleRange rows) {
  vectors::look_up<avx512_vnni::LookUp>(*call, rows);
}
