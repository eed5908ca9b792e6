// Windows that depthwise convolutions have code of their own for: each value of a row is loaded once for all pixels of a tile.
#pragma once
#include "base/platform.h"
#include "ops/shape.h"

namespace dimple::kernels::vectors {

// Calls f.operator()<columns, stride>() with those of the window; <0, 0>: of any.
template <class F>
DIMPLE_INLINE void with_known_columns(const ops::Window& w, F&& f) {
  if (w.dilation_w != 1) return f.template operator()<0, 0>();
  if (w.kernel_w == 3 && w.stride_w == 1) return f.template operator()<3, 1>();
  if (w.kernel_w == 3 && w.stride_w == 2) return f.template operator()<3, 2>();
  if (w.kernel_w == 5 && w.stride_w == 1) return f.template operator()<5, 1>();
  if (w.kernel_w == 5 && w.stride_w == 2) return f.template operator()<5, 2>();
  f.template operator()<0, 0>();
}

}  // namespace dimple::kernels::vectors
