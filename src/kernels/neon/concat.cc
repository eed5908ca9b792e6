#include "kernels/vectors/concat.h"
#include "kernels/neon/simd.h"

using namespace dimple::kernels;

extern "C" void concat_s8_neon(const DimpleCall* call, DimpleRange rows) {
  vectors::concat_s8<neon::Bytes>(*call, rows);
}
