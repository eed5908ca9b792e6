// A window that slides over pictures, in numbers: what the loops of convolutions share. Without the C++ library, like
// loops/lanes.h.
#pragma once
#include <stdint.h>

namespace dimple::loops {

struct Sliding {
  int64_t pictures, height, width, out_height, out_width;
  int64_t kernel_h, kernel_w, stride_h, stride_w, pad_top, pad_left;  // what is padded below and right follows
};

}  // namespace dimple::loops
