// Written to be read; never made faster. Works in place.
#include "base/exp.h"
#include "ops/look_up.h"
#include "ops/sigmoid/sigmoid.h"

using namespace dimple;
using namespace dimple::ops;

extern "C" void sigmoid_s8_ref(const DimpleCall* call, DimpleRange rows) { look_up(*call, rows); }

extern "C" void sigmoid_f32_ref(const DimpleCall* call, DimpleRange rows) {
  map_floats(*call, rows, [](float x) { return sigmoid_f32(x); });
}
