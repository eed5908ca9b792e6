// Inside this room: one decoder per format, all of the same form.
#pragma once
#include <span>
#include <string>

#include "media/decode.h"

namespace dimple::media {

// What a codec throws; decode() adds the name of the file and makes it a host::Error.
struct BadPicture {
  std::string reason;
  std::string hint = {};
};

struct Decoded {
  Picture picture;
  int orientation = 1;  // EXIF, 1..8
};

// Called with the sizes of the header, before pixels are allocated.
void check_size(int64_t width, int64_t height, const DecodeLimits& limits);

Decoded decode_jpeg(std::span<const uint8_t> bytes, const DecodeLimits& limits);
Decoded decode_png(std::span<const uint8_t> bytes, const DecodeLimits& limits);
Decoded decode_webp(std::span<const uint8_t> bytes, const DecodeLimits& limits);

// Four channels to three, over white, in place.
void flatten_alpha(Picture& rgba);

}  // namespace dimple::media
