#include "kernels/avx2/bits.h"
#include "kernels/vectors/convolve_bits.h"

using namespace dimple::kernels;

extern "C" void conv2d_b1_avx2(const DimpleCall* call, DimpleRange rows) {
  vectors::convolve_bits<avx2::Bits>(*call, rows);
}
