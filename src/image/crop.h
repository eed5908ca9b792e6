// From the box a face finder draws to the rectangle a network was trained to see.
#pragma once
#include "image/picture.h"

namespace dimple::image {

struct CropRule {
  int32_t width = 1, height = 1;  // only their ratio counts: the crop keeps the network's proportions
  int32_t margin_permille = 0;    // how much larger than the box the crop is: 200 = 1.2 times its longer side
  int32_t shift_permille = 0;     // downwards, in thousandths of the box's longer side
};

// Around the box's centre; the height of the crop is the box's longer side plus the margin. Never empty.
Box crop_box(const CropRule& rule, Box face);

}  // namespace dimple::image
