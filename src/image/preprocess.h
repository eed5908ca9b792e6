// What happens to a face between the picture and the network, written once for training, host, browser and chip:
//   picture -> crop around the face -> resize -> grey (or RGB) -> normalise -> s8 codes
#pragma once
#include "base/status.h"
#include "image/crop.h"
#include "image/normalise.h"
#include "image/picture.h"

namespace dimple::image {

struct Preprocess {
  int32_t width = 48, height = 48, channels = 1;
  int32_t margin_permille = 0;  // see CropRule; measured for the face finder the model is used with
  int32_t shift_permille = 0;
  Normalise normalise = Normalise::offset;

  constexpr bool operator==(const Preprocess&) const = default;

  template <class Self, class F>
  static constexpr void visit(Self& self, F&& f) {
    f("width", self.width);
    f("height", self.height);
    f("channels", self.channels);
    f("margin_permille", self.margin_permille);
    f("shift_permille", self.shift_permille);
    f("normalise", self.normalise);
  }

  constexpr CropRule crop() const { return {width, height, margin_permille, shift_permille}; }
  constexpr size_t pixels() const {
    return static_cast<size_t>(width) * static_cast<size_t>(height) * static_cast<size_t>(channels);
  }
};

constexpr bool sane(const Preprocess& p) {
  constexpr int32_t kMaxInputSide = 1 << 10;
  return p.width > 0 && p.height > 0 && p.width <= kMaxInputSide && p.height <= kMaxInputSide &&
         (p.channels == 1 || p.channels == 3) && p.margin_permille > -1000 && p.margin_permille <= 9000 &&
         p.shift_permille >= -9000 && p.shift_permille <= 9000 &&
         (p.normalise == Normalise::offset || p.normalise == Normalise::standardise);
}

// Room that preprocess() and crop_face() need for a picture with this many channels: none when it has those of the
// network.
size_t scratch_bytes(const Preprocess& how, int32_t picture_channels);

// Up to the u8 picture the network sees: channels interleaved, pixels() bytes in `out`.
Status crop_face(const Preprocess& how, View picture, Box face, Span<uint8_t> scratch, Span<uint8_t> out);

// All the way to codes.
Status preprocess(const Preprocess& how, View picture, Box face, Span<uint8_t> scratch, Span<int8_t> out);

}  // namespace dimple::image
