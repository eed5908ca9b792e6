// Written to be read; never made faster. Codes order as their values do, so integers and floats are one loop. Works in
// place: a pixel is written where it, or one before it, was read.
#include "base/fixed_point.h"
#include "ops/channel_pool/channel_pool.h"
#include "ops/kernel_call.h"

using namespace dimple;
using namespace dimple::ops;

namespace {

template <class T>
void channel_max(const DimpleCall& call, Range rows) {
  const DimpleTensor& in = call.in[0];
  const Range pixels = pixels_of(in, rows);
  const auto* from = static_cast<const T*>(in.data) + pixels.first * in.channels;
  auto* to = static_cast<T*>(call.out.data);
  for (int32_t pixel = pixels.first; pixel < pixels.last; ++pixel, from += in.channels) {
    T largest = from[0];
    for (int32_t c = 1; c < in.channels; ++c) largest = max_of(largest, from[c]);
    to[pixel] = largest;
  }
}

}  // namespace

extern "C" void channel_max_s8_ref(const DimpleCall* call, DimpleRange rows) { channel_max<int8_t>(*call, rows); }

extern "C" void channel_max_f32_ref(const DimpleCall* call, DimpleRange rows) { channel_max<float>(*call, rows); }
