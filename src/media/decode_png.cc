#include <spng.h>

#include <memory>
#include <new>

#include "host/memory_watch.h"
#include "media/codecs.h"
#include "media/orientation.h"

namespace dimple::media {
namespace {

// Deflate cannot pack better than 1032 to 1: a header that asks for more pixels than the file could hold lies.
constexpr uint64_t kBestRatio = 1032;

constexpr size_t kMaxChunkBytes = size_t{16} << 20;  // one ancillary chunk, and all that are kept together

[[noreturn]] void refuse(int error) {
  if (error == SPNG_EMEM || error == SPNG_EZLIB_INIT) throw std::bad_alloc();
  if (error == SPNG_IO_EOF || error == SPNG_EOF || error == SPNG_EIDAT_TOO_SHORT)
    throw BadPicture{"the PNG data is cut short", "copy or download the file again"};
  throw BadPicture{std::string("the PNG data is damaged (") + spng_strerror(error) + ")",
                   "copy or download the file again"};
}

// libspng passes over that zlib has no memory for its window, or calls it damage.
void check(const host::MemoryWatch& memory, int error) {
  memory.check();
  if (error) refuse(error);
}

// Of a chunk that need not be there.
bool has(int error) {
  if (error == SPNG_EMEM) refuse(error);
  return error == 0;
}

int channels_of(const spng_ihdr& header) {
  switch (header.color_type) {
    case SPNG_COLOR_TYPE_TRUECOLOR: return 3;
    case SPNG_COLOR_TYPE_GRAYSCALE_ALPHA: return 2;
    case SPNG_COLOR_TYPE_TRUECOLOR_ALPHA: return 4;
    default: return 1;
  }
}

void keep_one_channel(Picture& rgb) {
  const size_t count = size_t(rgb.width) * rgb.height;
  for (size_t i = 0; i < count; ++i) rgb.pixels[i] = rgb.pixels[3 * i];
  rgb.channels = 1;
  rgb.pixels.resize(count);
}

}  // namespace

Decoded decode_png(std::span<const uint8_t> bytes, const DecodeLimits& limits) {
  const std::unique_ptr<spng_ctx, void (*)(spng_ctx*)> png(spng_ctx_new(0), spng_ctx_free);
  if (!png) throw std::bad_alloc();
  const host::MemoryWatch memory;
  check(memory, spng_set_chunk_limits(png.get(), kMaxChunkBytes, kMaxChunkBytes));
  check(memory, spng_set_png_buffer(png.get(), bytes.data(), bytes.size()));

  spng_ihdr header{};
  check(memory, spng_get_ihdr(png.get(), &header));
  check_size(header.width, header.height, limits);
  const uint64_t raw_bytes = uint64_t{header.width} * header.height * header.bit_depth * channels_of(header) / 8;
  if (raw_bytes / kBestRatio > bytes.size()) throw BadPicture{"its header asks for more pixels than the file can hold"};

  spng_trns transparency{};
  const bool alpha = (header.color_type & 4) != 0 || has(spng_get_trns(png.get(), &transparency));
  Picture picture(static_cast<int>(header.width), static_cast<int>(header.height), alpha ? 4 : 3);
  check(memory, spng_decode_image(png.get(), picture.pixels.data(), picture.pixels.size(),
                                  alpha ? SPNG_FMT_RGBA8 : SPNG_FMT_RGB8, alpha ? SPNG_DECODE_TRNS : 0));
  if (alpha) flatten_alpha(picture);
  if (header.color_type == SPNG_COLOR_TYPE_GRAYSCALE || header.color_type == SPNG_COLOR_TYPE_GRAYSCALE_ALPHA)
    keep_one_channel(picture);

  spng_exif exif{};
  int orientation = 1;
  if (has(spng_get_exif(png.get(), &exif)))
    orientation = exif_orientation({reinterpret_cast<const uint8_t*>(exif.data), exif.length});
  return {std::move(picture), orientation};
}

}  // namespace dimple::media
