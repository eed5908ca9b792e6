// Crop and resize in one step: an exact area average where an axis shrinks, bilinear where it grows.
//
// All arithmetic is on whole numbers. Shrinking S source pixels to D, output pixel i covers the source interval
// [i*S, (i+1)*S) measured in D-ths of a source pixel, so every weight is an integer and the weights sum to S. Growing,
// the centre of output pixel i lies at ((2i+1)*S - D) / 2D source pixels, so the two weights are integers that sum to
// 2D. The result is the weighted sum divided once, rounded halves upwards: the same bits on every machine.
#pragma once
#include "base/status.h"
#include "image/picture.h"

namespace dimple::image {

inline constexpr int32_t kMaxCropSide = 1 << 26;
inline constexpr int32_t kMaxResizedSide = 1 << 13;

// Channels of `from` and `to` are equal. The crop may stick out of the picture: border pixels are repeated.
Status resize(View from, Box crop, MutableView to);

}  // namespace dimple::image
