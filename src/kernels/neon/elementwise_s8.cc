#include "kernels/neon/simd.h"
#include "kernels/vectors/add_s8.h"
#include "kernels/vectors/multiply_s8.h"

using namespace dimple::kernels;

extern "C" void add_s8_neon(const DimpleCall* call, DimpleRange rows) { vectors::add_s8<neon::Bytes>(*call, rows); }
extern "C" void multiply_s8_neon(const DimpleCall* call, DimpleRange rows) {
  vectors::multiply_s8<neon::Bytes>(*call, rows);
}
