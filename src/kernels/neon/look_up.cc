#include "kernels/vectors/look_up.h"

#include "kernels/neon/simd.h"

using namespace dimple::kernels;

extern "C" void hard_sigmoid_s8_neon(const DimpleCall* call, DimpleRange rows) {
  vectors::look_up<neon::LookUp>(*call, rows);
}
extern "C" void hard_swish_s8_neon(const DimpleCall* call, DimpleRange rows) {
  vectors::look_up<neon::LookUp>(*call, rows);
}
extern "C" void sigmoid_s8_neon(const DimpleCall* call, DimpleRange rows) {
  vectors::look_up<neon::LookUp>(*call, rows);
}
extern "C" void swish_s8_neon(const DimpleCall* call, DimpleRange rows) { vectors::look_up<neon::LookUp>(*call, rows); }
