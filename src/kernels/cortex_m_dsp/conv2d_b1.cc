#include "kernels/chips/convolve_bits.h"
#include "kernels/cortex_m_dsp/simd.h"

using namespace dimple::kernels;

extern "C" void conv2d_b1_cortex_m_dsp(const DimpleCall* call, DimpleRange rows) {
  chips::convolve_bits<cortex_m_dsp::Counts>(*call, rows);
}
