// How sharp a face is, as the network sees it: what there is between neighbouring pixels against what there is at all.
#pragma once
#include "image/picture.h"

namespace dimple::faces {

// Sums over a larger picture would not fit the integers they are kept in. No network reads a larger one.
inline constexpr int32_t kMaxSharpnessSide = 1 << 10;

// 0: flat or blurred away .. 1: as sharp as pictures of this size get. In colours green stands for brightness. Whole
// numbers but for the last step, a multiplication by a power of two: the same bits on every machine.
float sharpness(image::View face);

}  // namespace dimple::faces
