#include "kernels/chips/add_s8.h"

extern "C" void add_s8_rv32(const DimpleCall* call, DimpleRange rows) { dimple::kernels::chips::add_s8(*call, rows); }
