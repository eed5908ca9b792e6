// Written to be read; never made faster. Only what lies inside the picture is summed; padding that counts adds zeros,
// which for codes are zero points.
#include "base/fixed_point.h"
#include "ops/kernel_call.h"
#include "ops/pool/pool.h"
#include "ops/window_taps.h"

using namespace dimple;
using namespace dimple::ops;

namespace {

int8_t mean_of(int32_t sum, int32_t count) { return to_s8(divide_rounded(sum, count)); }
float mean_of(float sum, int32_t count) { return sum / static_cast<float>(count); }

template <class T, class Sum>
void average_pool(const DimpleCall& call, Range rows) {
  const AveragePool& op = attributes_of<AveragePool>(call);
  const DimpleTensor& in = call.in[0];
  const int32_t channels = call.out.channels;
  const auto* from = static_cast<const T*>(in.data);
  auto* to = static_cast<T*>(call.out.data) + elements_of(call.out, rows).first;

  for_window_positions(op.window, in, call.out, rows, [&](const WindowPosition& at) {
    const int32_t inside = at.rows.count() * at.columns.count();
    const int32_t count = op.count_include_pad ? op.window.kernel_h * op.window.kernel_w : inside;
    for (int32_t c = 0; c < channels; ++c) {
      Sum sum = static_cast<Sum>((count - inside) * in.zero_point);
      for (int32_t ky = at.rows.first; ky < at.rows.last; ++ky)
        for (int32_t kx = at.columns.first; kx < at.columns.last; ++kx) sum += from[at.pixel(ky, kx) * channels + c];
      *to++ = mean_of(sum, count);
    }
  });
}

}  // namespace

extern "C" void average_pool_s8_ref(const DimpleCall* call, DimpleRange rows) {
  average_pool<int8_t, int32_t>(*call, rows);
}

extern "C" void average_pool_f32_ref(const DimpleCall* call, DimpleRange rows) {
  average_pool<float, float>(*call, rows);
}
