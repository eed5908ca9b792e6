#include "kernels/chips/add_s8.h"

extern "C" void add_s8_cortex_m_dsp(const DimpleCall* call, DimpleRange rows) {
  dimple::kernels::chips::add_s8(*call, rows);
}
