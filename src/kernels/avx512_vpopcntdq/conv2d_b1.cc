#include "kernels/avx512_vpopcntdq/bits.h"
#include "kernels/vectors/convolve_bits.h"

using namespace dimple::kernels;

extern "C" void conv2d_b1_avx512_vpopcntdq(const DimpleCall* call, DimpleRange rows) {
  vectors::convolve_bits<avx512_vpopcntdq::Bits>(*call, rows);
}
