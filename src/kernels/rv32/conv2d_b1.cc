#include "kernels/chips/convolve_bits.h"
#include "kernels/rv32/rescale.h"

using namespace dimple::kernels;

extern "C" void conv2d_b1_rv32(const DimpleCall* call, DimpleRange rows) {
  chips::convolve_bits<rv32::Counts>(*call, rows);
}
