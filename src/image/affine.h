// A picture seen through a 2x3 matrix in Q16: turned, scaled, shifted, mirrored. For alignment and for augmentation.
#pragma once
#include "base/status.h"
#include "image/picture.h"

namespace dimple::image {

// Output pixel (x, y) is read at source position (xx*x + xy*y + x0, yx*x + yy*y + y0) / 65536, where pixel (0, 0) has
// its centre at position (0, 0): the identity matrix copies exactly.
struct Affine {
  int32_t xx = 1 << 16, xy = 0, x0 = 0;
  int32_t yx = 0, yy = 1 << 16, y0 = 0;

  constexpr bool operator==(const Affine&) const = default;
};

// Bilinear with weights in 256ths; outside of the picture its border pixels are repeated. Channels of both are equal.
Status affine(View from, const Affine& matrix, MutableView to);

}  // namespace dimple::image
