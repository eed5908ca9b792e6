// RGB to grey and grey to RGB. The weights are those of BT.601 in 256ths and sum to 256: a grey picture stays as it is.
#pragma once
#include "base/status.h"
#include "image/picture.h"

namespace dimple::image {

constexpr uint8_t grey_of(uint8_t red, uint8_t green, uint8_t blue) {
  return static_cast<uint8_t>((77 * red + 150 * green + 29 * blue + 128) >> 8);
}

// `to` has the size of `from`, 1 or 3 channels (from 1 or 3; a fourth channel is ignored). From 3 channels to 1, both
// may be the same packed memory: what is written lies never ahead of what is read.
Status convert_channels(View from, MutableView to);

}  // namespace dimple::image
