#include "media/encode.h"

#include <fmt/core.h>
#include <spng.h>

#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <new>
// They need <cstdio> before them.
#include <jerror.h>
#include <jpeglib.h>

#include "host/error.h"
#include "host/files.h"

namespace dimple::media {
namespace {

struct JpegErrors {
  jpeg_error_mgr manager;
  std::jmp_buf back;
};

// No object with a destructor lives here: an error jumps out.
bool write_jpeg(const uint8_t* pixels, int width, int height, int channels, int quality, unsigned char** out,
                unsigned long* out_bytes, JpegErrors& errors) {
  jpeg_compress_struct info{};
  info.err = jpeg_std_error(&errors.manager);
  errors.manager.error_exit = [](j_common_ptr i) { std::longjmp(reinterpret_cast<JpegErrors*>(i->err)->back, 1); };
  errors.manager.output_message = [](j_common_ptr) {};
  if (setjmp(errors.back)) {
    jpeg_destroy_compress(&info);
    return false;
  }
  jpeg_create_compress(&info);
  jpeg_mem_dest(&info, out, out_bytes);
  info.image_width = static_cast<JDIMENSION>(width);
  info.image_height = static_cast<JDIMENSION>(height);
  info.input_components = channels;
  info.in_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, quality, TRUE);
  info.comp_info[0].h_samp_factor = info.comp_info[0].v_samp_factor = 1;  // text and thin lines bleed in 4:2:0
  jpeg_start_compress(&info, TRUE);
  while (info.next_scanline < info.image_height) {
    JSAMPROW row = const_cast<uint8_t*>(pixels) + size_t{info.next_scanline} * width * channels;
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  return true;
}

void expect_sane(const Picture& picture) {
  if (!image::sane(picture.view()) || (picture.channels != 1 && picture.channels != 3))
    throw host::Error(host::Exit::failed, fmt::format("cannot write a picture of {}x{} pixels with {} channels",
                                                      picture.width, picture.height, picture.channels));
}

}  // namespace

std::vector<uint8_t> encode_png(const Picture& picture) {
  expect_sane(picture);
  const std::unique_ptr<spng_ctx, void (*)(spng_ctx*)> png(spng_ctx_new(SPNG_CTX_ENCODER), spng_ctx_free);
  if (!png) throw std::bad_alloc();
  spng_ihdr header{};
  header.width = static_cast<uint32_t>(picture.width);
  header.height = static_cast<uint32_t>(picture.height);
  header.bit_depth = 8;
  header.color_type = picture.channels == 1 ? SPNG_COLOR_TYPE_GRAYSCALE : SPNG_COLOR_TYPE_TRUECOLOR;
  int error = spng_set_option(png.get(), SPNG_ENCODE_TO_BUFFER, 1);
  if (!error) error = spng_set_ihdr(png.get(), &header);
  if (!error)
    error =
        spng_encode_image(png.get(), picture.pixels.data(), picture.pixels.size(), SPNG_FMT_PNG, SPNG_ENCODE_FINALIZE);
  size_t length = 0;
  const std::unique_ptr<void, void (*)(void*)> bytes(error ? nullptr : spng_get_png_buffer(png.get(), &length, &error),
                                                     std::free);
  if (error == SPNG_EMEM || error == SPNG_EZLIB_INIT) throw std::bad_alloc();
  if (!bytes) throw host::Error(host::Exit::failed, std::string("cannot encode a PNG: ") + spng_strerror(error));
  const auto* begin = static_cast<const uint8_t*>(bytes.get());
  return {begin, begin + length};
}

std::vector<uint8_t> encode_jpeg(const Picture& picture, int quality) {
  expect_sane(picture);
  // Blocks of 64 codes take two bytes each at most, and less than 2 KB stand before them. A buffer that libjpeg makes
  // larger by itself is lost when it fails: until its end the caller holds the one that was freed.
  const auto blocks = [](int pixels) { return static_cast<size_t>(pixels + 7) / 8; };
  const size_t most =
      blocks(picture.width) * blocks(picture.height) * 128 * static_cast<size_t>(picture.channels) + 2048;
  const auto buffer = std::make_unique_for_overwrite<unsigned char[]>(most);
  unsigned char* bytes = buffer.get();
  unsigned long length = most;
  JpegErrors errors{};
  const bool written = write_jpeg(picture.pixels.data(), picture.width, picture.height, picture.channels, quality,
                                  &bytes, &length, errors);
  const std::unique_ptr<unsigned char, void (*)(void*)> larger(bytes == buffer.get() ? nullptr : bytes, std::free);
  if (!written && errors.manager.msg_code == JERR_OUT_OF_MEMORY) throw std::bad_alloc();
  if (!written) throw host::Error(host::Exit::failed, "cannot encode a JPEG of this size");
  return {bytes, bytes + length};
}

void save_picture(const std::filesystem::path& path, const Picture& picture) {
  const std::string end = path.extension().string();
  if (end == ".png")
    host::write_atomic(path, encode_png(picture));
  else if (end == ".jpg" || end == ".jpeg")
    host::write_atomic(path, encode_jpeg(picture));
  else
    throw host::Error(host::Exit::usage,
                      fmt::format("cannot write {}: its name must end in .png, .jpg or .jpeg", path.string()));
}

}  // namespace dimple::media
