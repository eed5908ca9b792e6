// Any bytes are a picture or an error, within the limits that were asked for.
#include "media/decode.h"

#include <webp/encode.h>

#include "host/fuzz_testing.h"
#include "media/hostile_files_testing.h"

std::vector<std::string> dimple::fuzz::seeds() {
  namespace media = dimple::media;
  const media::Picture colour = media::testing::marked_picture(16, 12, 3);
  const media::testing::Bytes jpeg = media::encode_jpeg(colour);
  std::vector<std::string> all = {
      text_of(media::encode_png(colour)),
      text_of(media::encode_png(media::testing::marked_picture(9, 7, 1))),
      text_of(media::testing::png_of(4, 3, 8, 3, media::testing::zlib_of(media::testing::Bytes(15)),
                                     media::testing::png_chunk("PLTE", media::testing::Bytes(6, 7)))),
      text_of(media::testing::png_of(4, 2, 16, 6, media::testing::zlib_of(media::testing::Bytes(66)))),
      text_of(jpeg),
      text_of(media::encode_jpeg(media::testing::marked_picture(17, 9, 1), 30)),
      text_of(media::testing::with_exif(jpeg, media::testing::exif_of(6, true)))};
  for (const bool lossless : {false, true}) {
    uint8_t* bytes = nullptr;
    const size_t size = lossless ? WebPEncodeLosslessRGB(colour.pixels.data(), 16, 12, 48, &bytes)
                                 : WebPEncodeRGB(colour.pixels.data(), 16, 12, 48, 50, &bytes);
    all.push_back(text_of({bytes, size}));
    WebPFree(bytes);
  }
  return all;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace dimple;
  const media::DecodeLimits limits{.max_pixels = 1 << 18};
  try {
    const image::View view = media::decode({data, size}, "fuzz", limits).view();
    if (int64_t{view.width} * view.height > limits.max_pixels) std::abort();
  } catch (const host::Error&) {
  }
  return 0;
}
