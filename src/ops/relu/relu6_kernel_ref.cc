#include "ops/clamp_tensor.h"

using namespace dimple;
using namespace dimple::ops;

extern "C" void relu6_s8_ref(const DimpleCall* call, DimpleRange rows) { clamp_tensor_s8(*call, rows); }

extern "C" void relu6_f32_ref(const DimpleCall* call, DimpleRange rows) { clamp_tensor_f32(*call, rows); }
