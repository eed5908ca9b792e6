#include "image/grey.h"

namespace dimple::image {

Status convert_channels(View from, MutableView to) {
  if (!sane(from) || !sane(to) || from.width != to.width || from.height != to.height) return Status::bad_argument;
  if (from.channels == 2 || (to.channels != 1 && to.channels != 3)) return Status::bad_argument;
  for (int32_t y = 0; y < from.height; ++y) {
    const uint8_t* in = from.row(y);
    uint8_t* out = to.row(y);
    for (int32_t x = 0; x < from.width; ++x, in += from.channels) {
      const uint8_t red = in[0], green = in[from.channels > 1 ? 1 : 0], blue = in[from.channels > 1 ? 2 : 0];
      if (to.channels == 1) {
        *out++ = from.channels > 1 ? grey_of(red, green, blue) : red;
      } else {
        *out++ = red;
        *out++ = green;
        *out++ = blue;
      }
    }
  }
  return Status::ok;
}

}  // namespace dimple::image
