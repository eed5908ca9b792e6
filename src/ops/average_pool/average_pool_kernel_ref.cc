// Written to be read; never made faster. Only what lies inside the picture is summed; padding that counts adds zeros,
// which for codes are zero points.
#include "base/fixed_point.h"
#include "ops/average_pool/average_pool.h"
#include "ops/kernel_call.h"
#include "ops/window_taps.h"

using namespace dimple;
using namespace dimple::ops;

namespace {

int8_t mean_of(int32_t sum, int32_t count) { return to_s8(divide_rounded(sum, count)); }
float mean_of(float sum, int32_t count) { return sum / static_cast<float>(count); }

template <class T, class Sum>
void average_pool(const DimpleCall& call) {
  const AveragePool& op = attributes_of<AveragePool>(call);
  const Window& window = op.window;
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
      const int32_t inside = (rows.last - rows.first) * (columns.last - columns.first);
      const int32_t count = op.count_include_pad ? window.kernel_h * window.kernel_w : inside;
      for (int32_t c = 0; c < channels; ++c) {
        Sum sum = static_cast<Sum>((count - inside) * in.zero_point);
        for (int32_t ky = rows.first; ky < rows.last; ++ky)
          for (int32_t kx = columns.first; kx < columns.last; ++kx)
            sum += from[((top + ky) * in.width + left + kx) * channels + c];
        *to++ = mean_of(sum, count);
      }
    }
  }
}

}  // namespace

extern "C" void average_pool_s8_ref(const DimpleCall* call) { average_pool<int8_t, int32_t>(*call); }

extern "C" void average_pool_f32_ref(const DimpleCall* call) { average_pool<float, float>(*call); }
