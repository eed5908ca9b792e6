// Pictures that need no file: the same pixels on every machine, drawn with integer arithmetic only.
#pragma once
#include "image/picture.h"

namespace dimple::selftest {

inline constexpr uint32_t kPictureKinds = 4;

// Kind number % kPictureKinds: noise, a slanted gradient, soft stripes that cross, a face of discs. The number also
// seeds the noise that all of them carry, so that no two pictures are alike.
void draw_picture(uint32_t number, image::MutableView picture);

}  // namespace dimple::selftest
