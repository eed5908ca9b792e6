#include "kernels/neon/bits.h"
#include "kernels/vectors/convolve_bits.h"

using namespace dimple::kernels;

extern "C" void conv2d_b1_neon(const DimpleCall* call, DimpleRange rows) {
  vectors::convolve_bits<neon::Bits>(*call, rows);
}
