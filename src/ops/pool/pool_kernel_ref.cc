// Written to be read; never made faster. Only what lies inside the picture is summed; padding that counts adds zeros,
// which for codes are zero points. Codes order as their values do, so the largest is one loop for integers and floats.
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
