#include "image/preprocess.h"

#include "image/grey.h"
#include "image/resize.h"

namespace dimple::image {

size_t scratch_bytes(const Preprocess& how, int32_t picture_channels) {
  if (picture_channels == how.channels) return 0;
  return static_cast<size_t>(how.width) * static_cast<size_t>(how.height) * static_cast<size_t>(picture_channels);
}

Status crop_face(const Preprocess& how, View picture, Box face, Span<uint8_t> scratch, Span<uint8_t> out) {
  if (!sane(how) || !sane(picture) || face.width < 1 || face.height < 1) return Status::bad_argument;
  if (out.size() < how.pixels() || scratch.size() < scratch_bytes(how, picture.channels)) return Status::bad_argument;
  const MutableView result = packed(out.data(), how.width, how.height, how.channels);
  const Box crop = crop_box(how.crop(), face);
  if (picture.channels == how.channels) return resize(picture, crop, result);
  const MutableView resized = packed(scratch.data(), how.width, how.height, picture.channels);
  if (const Status status = resize(picture, crop, resized); status != Status::ok) return status;
  return convert_channels(resized, result);
}

Status preprocess(const Preprocess& how, View picture, Box face, Span<uint8_t> scratch, Span<int8_t> out) {
  if (out.size() < how.pixels()) return Status::bad_argument;
  const Span<uint8_t> pixels{reinterpret_cast<uint8_t*>(out.data()), out.size()};  // codes replace pixels in place
  if (const Status status = crop_face(how, picture, face, scratch, pixels); status != Status::ok) return status;
  normalise(how.normalise, pixels.subspan(0, how.pixels()), out);
  return Status::ok;
}

}  // namespace dimple::image
