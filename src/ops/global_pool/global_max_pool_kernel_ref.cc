// Written to be read; never made faster. Codes order as their values do, so integers and floats are one loop.
#include "base/fixed_point.h"
#include "ops/global_pool/global_pool.h"
#include "ops/kernel_call.h"

using namespace dimple;
using namespace dimple::ops;

namespace {

template <class T>
void global_max_pool(const DimpleCall& call) {
  const DimpleTensor& in = call.in[0];
  const auto* from = static_cast<const T*>(in.data);
  auto* to = static_cast<T*>(call.out.data);
  for (int32_t c = 0; c < in.channels; ++c) {
    T largest = from[c];
    for (int32_t i = c; i < elements_of(in); i += in.channels) largest = max_of(largest, from[i]);
    to[c] = largest;
  }
}

}  // namespace

extern "C" void global_max_pool_s8_ref(const DimpleCall* call, DimpleRange /*rows: there is one*/) {
  global_max_pool<int8_t>(*call);
}

extern "C" void global_max_pool_f32_ref(const DimpleCall* call, DimpleRange /*rows: there is one*/) {
  global_max_pool<float>(*call);
}
