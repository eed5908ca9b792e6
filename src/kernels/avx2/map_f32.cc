#include "kernels/vectors/map_f32.h"
#include "kernels/avx2/simd.h"

using namespace dimple::kernels;
using Words = avx2::Floats;
using Functions = vectors::Functions<Words>;

extern "C" void hard_sigmoid_f32_avx2(const DimpleCall* call, DimpleRange rows) {
  vectors::map_f32<Words>(*call, rows, Functions::hard_sigmoid);
}
extern "C" void hard_swish_f32_avx2(const DimpleCall* call, DimpleRange rows) {
  vectors::map_f32<Words>(*call, rows, Functions::hard_swish);
}
extern "C" void sigmoid_f32_avx2(const DimpleCall* call, DimpleRange rows) {
  vectors::map_f32<Words>(*call, rows, Functions::sigmoid);
}
extern "C" void swish_f32_avx2(const DimpleCall* call, DimpleRange rows) {
  vectors::map_f32<Words>(*call, rows, Functions::swish);
}
extern "C" void relu_f32_avx2(const DimpleCall* call, DimpleRange rows) { vectors::clamp_f32<Words>(*call, rows); }
extern "C" void relu6_f32_avx2(const DimpleCall* call, DimpleRange rows) { vectors::clamp_f32<Words>(*call, rows); }
extern "C" void add_f32_avx2(const DimpleCall* call, DimpleRange rows) { vectors::add_f32<Words>(*call, rows); }
extern "C" void multiply_f32_avx2(const DimpleCall* call, DimpleRange rows) {
  vectors::multiply_f32<Words>(*call, rows);
}
