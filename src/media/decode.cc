#include "media/decode.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>

#include "host/files.h"
#include "media/codecs.h"
#include "media/orientation.h"

namespace dimple::media {
namespace {

bool starts_with(std::span<const uint8_t> bytes, std::string_view magic, size_t offset = 0) {
  return bytes.size() >= offset + magic.size() && std::memcmp(bytes.data() + offset, magic.data(), magic.size()) == 0;
}

bool looks_like_text(std::span<const uint8_t> bytes) {
  const auto head = bytes.first(std::min<size_t>(bytes.size(), 512));
  return std::none_of(head.begin(), head.end(),
                      [](uint8_t c) { return c < 9 || (c > 13 && c < 32 && c != 27) || c == 127; });
}

// People meet these formats; naming them beats "unknown format".
std::string describe_stranger(std::span<const uint8_t> bytes) {
  if (starts_with(bytes, "GIF8")) return "a GIF file";
  if (starts_with(bytes, "BM")) return "a BMP file";
  if (starts_with(bytes, std::string_view("II*\0", 4)) || starts_with(bytes, std::string_view("MM\0*", 4)))
    return "a TIFF or raw camera file";
  if (starts_with(bytes, "ftypavif", 4)) return "an AVIF file";
  if (starts_with(bytes, "ftyphei", 4) || starts_with(bytes, "ftypmif1", 4)) return "an HEIC file";
  if (starts_with(bytes, "ftyp", 4)) return "a video file";
  if (starts_with(bytes, "%PDF")) return "a PDF file";
  if (looks_like_text(bytes)) return "a text file";
  return "not a picture";
}

Decoded decode_any(std::span<const uint8_t> bytes, const DecodeLimits& limits) {
  if (bytes.empty()) throw BadPicture{"the file is empty"};
  switch (sniff(bytes)) {
    case PictureFormat::jpeg: return decode_jpeg(bytes, limits);
    case PictureFormat::png: return decode_png(bytes, limits);
    case PictureFormat::webp: return decode_webp(bytes, limits);
    case PictureFormat::unknown: break;
  }
  throw BadPicture{fmt::format("its contents are {}", describe_stranger(bytes)), "JPEG, PNG and WebP pictures work"};
}

}  // namespace

PictureFormat sniff(std::span<const uint8_t> bytes) {
  if (starts_with(bytes, "\xFF\xD8\xFF")) return PictureFormat::jpeg;
  if (starts_with(bytes, "\x89PNG\r\n\x1A\n")) return PictureFormat::png;
  if (starts_with(bytes, "RIFF") && starts_with(bytes, "WEBP", 8)) return PictureFormat::webp;
  return PictureFormat::unknown;
}

void check_size(int64_t width, int64_t height, const DecodeLimits& limits) {
  if (width < 1 || height < 1) throw BadPicture{"its header says that it has no pixels"};
  if (width > limits.max_side || height > limits.max_side || width * height > limits.max_pixels)
    throw BadPicture{fmt::format("its header says {}x{} pixels, more than the limit of {} million", width, height,
                                 limits.max_pixels / 1'000'000),
                     "make the picture smaller first"};
}

void flatten_alpha(Picture& rgba) {
  const size_t count = size_t(rgba.width) * rgba.height;
  const uint8_t* in = rgba.pixels.data();
  uint8_t* out = rgba.pixels.data();
  for (size_t i = 0; i < count; ++i, in += 4, out += 3) {
    const int alpha = in[3];
    for (int c = 0; c < 3; ++c) out[c] = static_cast<uint8_t>((in[c] * alpha + 255 * (255 - alpha) + 127) / 255);
  }
  rgba.channels = 3;
  rgba.pixels.resize(count * 3);
}

host::Error named(const std::string& name, const BadPicture& bad) {
  return {bad.exit, fmt::format("cannot read {}: {}", name, bad.reason), bad.hint};
}

Picture decode_unnamed(std::span<const uint8_t> bytes, const DecodeLimits& limits) {
  try {
    Decoded decoded = decode_any(bytes, limits);
    return upright(std::move(decoded.picture), decoded.orientation);
  } catch (const std::bad_alloc&) {
    throw BadPicture{"out of memory", {}, host::Exit::resources};
  }
}

Picture decode(std::span<const uint8_t> bytes, const std::string& name, const DecodeLimits& limits) {
  try {
    return decode_unnamed(bytes, limits);
  } catch (const BadPicture& bad) {
    throw named(name, bad);
  }
}

Picture load_picture(const std::filesystem::path& path, const DecodeLimits& limits) {
  return decode(host::read_file(path, {.limit_bytes = limits.max_file_bytes}), path.string(), limits);
}

}  // namespace dimple::media
