// Written to be read; never made faster. Codes order as their values do, so integers and floats are one loop.
#include "base/fixed_point.h"
#include "ops/kernel_call.h"
#include "ops/max_pool/max_pool.h"
#include "ops/window_taps.h"

using namespace dimple;
using namespace dimple::ops;

namespace {

template <class T>
void max_pool(const DimpleCall& call) {
  const Window& window = attributes_of<MaxPool>(call).window;
  const DimpleTensor& in = call.in[0];
  const DimpleTensor& out = call.out;
  const int32_t channels = out.channels;
  const auto* from = static_cast<const T*>(in.data);
  auto* to = static_cast<T*>(out.data);

  for (int32_t y = 0; y < out.height; ++y) {
    const int32_t top = y * window.stride_h - window.pad_top;
    const Taps rows = taps_inside(top, window.kernel_h, in.height);
    for (int32_t x = 0; x < out.width; ++x) {
      const int32_t left = x * window.stride_w - window.pad_left;
      const Taps columns = taps_inside(left, window.kernel_w, in.width);
      for (int32_t c = 0; c < channels; ++c) {
        // The first tap that lies inside starts the comparison: a padding value never takes part.
        T largest = from[((top + rows.first) * in.width + left + columns.first) * channels + c];
        for (int32_t ky = rows.first; ky < rows.last; ++ky)
          for (int32_t kx = columns.first; kx < columns.last; ++kx)
            largest = max_of(largest, from[((top + ky) * in.width + left + kx) * channels + c]);
        *to++ = largest;
      }
    }
  }
}

}  // namespace

extern "C" void max_pool_s8_ref(const DimpleCall* call) { max_pool<int8_t>(*call); }

extern "C" void max_pool_f32_ref(const DimpleCall* call) { max_pool<float>(*call); }
