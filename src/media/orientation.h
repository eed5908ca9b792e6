// A camera stores the picture as its sensor saw it and notes beside it how it was held.
#pragma once
#include <cstdint>
#include <span>

#include "media/picture.h"

namespace dimple::media {

// The orientation (1..8) in an EXIF block that begins with "Exif\0\0" or with its TIFF header; 1 when it holds none.
// Looks at no more than the 65,535 entries that a list can have.
int exif_orientation(std::span<const uint8_t> exif);

// The picture as it should be seen; 5..8 swap width and height.
Picture upright(Picture picture, int orientation);

}  // namespace dimple::media
