#include "kernels/vectors/sign.h"

using namespace dimple::kernels;

extern "C" void sign_s8_neon(const DimpleCall* call, DimpleRange rows) { vectors::sign_s8(*call, rows); }
