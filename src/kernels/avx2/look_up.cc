#include "kernels/vectors/look_up.h"
#include "kernels/avx2/simd.h"

using namespace dimple::kernels;

extern "C" void hard_sigmoid_s8_avx2(const DimpleCall* call, DimpleRange rows) {
  vectors::look_up<avx2::LookUp>(*call, rows);
}
extern "C" void hard_swish_s8_avx2(const DimpleCall* call, DimpleRange rows) {
  vectors::look_up<avx2::LookUp>(*call, rows);
}
extern "C" void sigmoid_s8_avx2(const DimpleCall* call, DimpleRange rows) {
  vectors::look_up<avx2::LookUp>(*call, rows);
}
extern "C" void swish_s8_avx2(const DimpleCall* call, DimpleRange rows) { vectors::look_up<avx2::LookUp>(*call, rows); }
