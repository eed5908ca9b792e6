// Written to be read; never made faster. Codes order as their values do, so integers and floats are one loop.
#include "base/fixed_point.h"
#include "ops/kernel_call.h"
#include "ops/pool/pool.h"
#include "ops/window_taps.h"

using namespace dimple;
using namespace dimple::ops;

namespace {

template <class T>
void max_pool(const DimpleCall& call, Range rows) {
  const Window& window = attributes_of<MaxPool>(call).window;
  const int32_t channels = call.out.channels;
  const auto* from = static_cast<const T*>(call.in[0].data);
  auto* to = static_cast<T*>(call.out.data) + elements_of(call.out, rows).first;

  for_window_positions(window, call.in[0], call.out, rows, [&](const WindowPosition& at) {
    for (int32_t c = 0; c < channels; ++c) {
      // The first tap that lies inside starts the comparison: a padding value never takes part.
      T largest = from[at.pixel(at.rows.first, at.columns.first) * channels + c];
      for (int32_t ky = at.rows.first; ky < at.rows.last; ++ky)
        for (int32_t kx = at.columns.first; kx < at.columns.last; ++kx)
          largest = max_of(largest, from[at.pixel(ky, kx) * channels + c]);
      *to++ = largest;
    }
  });
}

}  // namespace

extern "C" void max_pool_s8_ref(const DimpleCall* call, DimpleRange rows) { max_pool<int8_t>(*call, rows); }

extern "C" void max_pool_f32_ref(const DimpleCall* call, DimpleRange rows) { max_pool<float>(*call, rows); }
