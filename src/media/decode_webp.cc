#include <webp/decode.h>

#include <cstring>

#include "host/memory_watch.h"
#include "media/codecs.h"
#include "media/orientation.h"

namespace dimple::media {
namespace {

uint32_t little_endian(const uint8_t* p) { return p[0] | p[1] << 8 | p[2] << 16 | uint32_t{p[3]} << 24; }

// The file is a list of chunks: four letters, a length, the bytes, padded to an even length.
int orientation_of(std::span<const uint8_t> bytes) {
  for (size_t at = 12; at + 8 <= bytes.size();) {
    const size_t length = little_endian(bytes.data() + at + 4);
    if (length > bytes.size() - at - 8) return 1;
    if (std::memcmp(bytes.data() + at, "EXIF", 4) == 0) return exif_orientation(bytes.subspan(at + 8, length));
    at += 8 + length + (length & 1);
  }
  return 1;
}

[[noreturn]] void refuse(VP8StatusCode code) {
  switch (code) {
    case VP8_STATUS_OUT_OF_MEMORY: throw std::bad_alloc();
    case VP8_STATUS_NOT_ENOUGH_DATA:
    case VP8_STATUS_SUSPENDED: throw BadPicture{"the WebP data is cut short", "copy or download the file again"};
    case VP8_STATUS_UNSUPPORTED_FEATURE: throw BadPicture{"it uses a feature of WebP that is not supported"};
    default: throw BadPicture{"the WebP data is damaged", "copy or download the file again"};
  }
}

}  // namespace

Decoded decode_webp(std::span<const uint8_t> bytes, const DecodeLimits& limits) {
  WebPDecoderConfig config;
  if (!WebPInitDecoderConfig(&config)) throw BadPicture{"the WebP library does not fit the program"};
  if (const auto code = WebPGetFeatures(bytes.data(), bytes.size(), &config.input); code != VP8_STATUS_OK) refuse(code);
  check_size(config.input.width, config.input.height, limits);
  if (config.input.has_animation) throw BadPicture{"it is an animated WebP", "save one frame of it as a picture"};

  const bool alpha = config.input.has_alpha;
  Picture picture(config.input.width, config.input.height, alpha ? 4 : 3);
  config.output.colorspace = alpha ? MODE_RGBA : MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = picture.pixels.data();
  config.output.u.RGBA.stride = picture.width * picture.channels;
  config.output.u.RGBA.size = picture.pixels.size();
  const host::MemoryWatch memory;  // no memory for the alpha plane libwebp calls damage
  const auto code = WebPDecode(bytes.data(), bytes.size(), &config);
  memory.check();
  if (code != VP8_STATUS_OK) refuse(code);
  if (alpha) flatten_alpha(picture);
  return {std::move(picture), orientation_of(bytes)};
}

}  // namespace dimple::media
