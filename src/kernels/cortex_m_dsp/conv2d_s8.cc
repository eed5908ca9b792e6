// Two pixels of a row at a time. Codes are widened from where they lie if they can be taken in fours,
// else from a copy.
// A row of the output lies over no row that its windows show, so what was written of it harms nothing.
#include "base/platform.h"
#include "kernels/chips/scratch.h"
#include "kernels/chips/window.h"
#include "kernels/cortex_m_dsp/product_s8.h"
#include "kernels/few_bits/convolve.h"

using namespace dimple;
using namespace dimple::ops;
using namespace dimple::kernels;
using namespace dimple::kernels::cortex_m_dsp;

namespace {

DIMPLE_INLINE uint32_t* widen(Weights weights, const int8_t* a, const int8_t* b, int32_t codes, uint32_t* to) {
  return weights == Weights::wide ? widen_two<Weights::wide>(a, b, codes, to)
                                  : widen_two<Weights::compact>(a, b, codes, to);
}

// The windows of pixel x and, unless it is the last, the next one. One function for both forms: it is long.
[[gnu::noinline]] void widen_windows(Weights weights, const chips::WindowRow& windows, int32_t x, bool two,
                                     int32_t codes, uint32_t* words) {
  if (two && windows.line_codes % 4 == 0 && windows.whole(x) && windows.whole(x + 1)) {
    const int8_t* line = windows.codes(x);
    for (int32_t ky = 0; ky < windows.window.kernel_h; ++ky, line += windows.row_step)
      words = widen(weights, line, line + windows.pixel_step, windows.line_codes, words);
    return;
  }
  const int32_t room = round_up<int32_t>(codes, 4);
  auto* const copies = reinterpret_cast<int8_t*>(words + room);
  chips::copy_window(windows, x, copies);
  if (two) chips::copy_window(windows, x + 1, copies + room);
  widen(weights, copies, copies + room, codes, words);
}

template <Weights kWeights>
DIMPLE_INLINE void conv2d(const DimpleCall* call, DimpleRange rows) {
  const Window& window = attributes_of<Conv2d>(*call).window;
  const Tensor& in = call->in[0];
  const int32_t codes = chips::window_codes(*call);
  const bool in_place = chips::is_pixel(window) && codes % 4 == 0;
  auto* const words = static_cast<uint32_t*>(call->scratch);
  const Product<kWeights> product(*call, words, codes);
  const int32_t width = call->out.width;
  auto* to = static_cast<int8_t*>(call->out.data) + elements_of(call->out, rows).first;
  const auto* from = static_cast<const int8_t*>(in.data) + rows.first * width * codes;
  for (int32_t y = rows.first; y < rows.last; ++y) {
    const chips::WindowRow windows(*call, window, y);
    for (int32_t x = 0; x < width; x += 2) {
      const bool two = x + 1 < width;
      if (in_place) {
        widen_two<kWeights>(from, two ? from + codes : from, codes, words);
        from += two ? codes * 2 : codes;
      } else {
        widen_windows(kWeights, windows, x, two, codes, words);
      }
      if (two)
        write_two(product, to);
      else
        write_one(product, to);
      to += (two ? 2 : 1) * call->out.channels;
    }
  }
}

}  // namespace

extern "C" void conv2d_s8_cortex_m_dsp(const DimpleCall* call, DimpleRange rows) { conv2d<Weights::wide>(call, rows); }
extern "C" void conv2d_s8_compact_cortex_m_dsp(const DimpleCall* call, DimpleRange rows) {
  conv2d<Weights::compact>(call, rows);
}

extern "C" void conv2d_s8_c4_cortex_m_dsp(const DimpleCall* call, DimpleRange rows) {
  few_bits::convolve<Layout::window4x2_s16, conv2d_s8_cortex_m_dsp>(*call, rows, 4);
}
extern "C" void conv2d_s8_c5_cortex_m_dsp(const DimpleCall* call, DimpleRange rows) {
  few_bits::convolve<Layout::window4x2_s16, conv2d_s8_cortex_m_dsp>(*call, rows, 5);
}
extern "C" void conv2d_s8_b1_cortex_m_dsp(const DimpleCall* call, DimpleRange rows) {
  few_bits::convolve<Layout::window4x2_s16, conv2d_s8_cortex_m_dsp>(*call, rows, 1);
}
