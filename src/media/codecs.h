// Inside this room: one decoder per format, all of the same form.
#pragma once
#include <span>
#include <string>

#include "media/decode.h"

namespace dimple::media {

// What a codec throws; named() adds the name of the file.
struct BadPicture {
  std::string reason;
  std::string hint = {};
  host::Exit exit = host::Exit::input;
};

host::Error named(const std::string& name, const BadPicture& bad);

struct Decoded {
  Picture picture;
  int orientation = 1;  // EXIF, 1..8
};

// Called with the sizes of the header, before pixels are allocated.
void check_size(int64_t width, int64_t height, const DecodeLimits& limits);

Decoded decode_jpeg(std::span<const uint8_t> bytes, const DecodeLimits& limits);
Decoded decode_png(std::span<const uint8_t> bytes, const DecodeLimits& limits);
Decoded decode_webp(std::span<const uint8_t> bytes, const DecodeLimits& limits);

// Whichever it is, and upright. Throws BadPicture.
Picture decode_unnamed(std::span<const uint8_t> bytes, const DecodeLimits& limits);

// Four channels to three, over white, in place.
void flatten_alpha(Picture& rgba);

}  // namespace dimple::media
