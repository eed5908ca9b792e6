// Up to four pixels of a row at a time. Where a window is a pixel its codes are read where they
// lie, else from a copy. A row of the output lies over no row that its windows show.
#include "kernels/chips/scratch.h"
#include "kernels/chips/window.h"
#include "kernels/few_bits/convolve.h"
#include "kernels/rv32/product_s8.h"

using namespace dimple;
using namespace dimple::ops;
using namespace dimple::kernels;
using namespace dimple::kernels::rv32;

extern "C" void conv2d_s8_rv32(const DimpleCall* call, DimpleRange rows) {
  const Window& window = attributes_of<Conv2d>(*call).window;
  const Tensor& in = call->in[0];
  const int32_t codes = chips::window_codes(*call), width = call->out.width, channels = call->out.channels;
  const bool in_place = chips::is_pixel(window);
  auto* const copies = static_cast<int8_t*>(call->scratch);
  const Product product(*call, codes);
  auto* to = static_cast<int8_t*>(call->out.data) + elements_of(call->out, rows).first;
  for (int32_t y = rows.first; y < rows.last; ++y) {
    const chips::WindowRow windows(*call, window, y);
    for (int32_t x = 0; x < width;) {
      const int32_t count = tile_pixels(width - x);
      const int8_t* from = copies;
      if (in_place) {
        from = static_cast<const int8_t*>(in.data) + (y * width + x) * codes;
      } else {
        for (int32_t i = 0; i < count; ++i) chips::copy_window(windows, x + i, copies + i * codes);
      }
      write_tile(product, count, from, to);
      x += count, to += count * channels;
    }
  }
}

extern "C" void conv2d_s8_c4_rv32(const DimpleCall* call, DimpleRange rows) {
  few_bits::convolve<Layout::window4_s8, conv2d_s8_rv32>(*call, rows, 4);
}
extern "C" void conv2d_s8_c5_rv32(const DimpleCall* call, DimpleRange rows) {
  few_bits::convolve<Layout::window4_s8, conv2d_s8_rv32>(*call, rows, 5);
}
extern "C" void conv2d_s8_b1_rv32(const DimpleCall* call, DimpleRange rows) {
  few_bits::convolve<Layout::window4_s8, conv2d_s8_rv32>(*call, rows, 1);
}
