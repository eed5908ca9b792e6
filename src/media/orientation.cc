#include "media/orientation.h"

#include <algorithm>
#include <string_view>

namespace dimple::media {
namespace {

// A TIFF block, read where it lies: numbers are in the order that its first two letters tell.
class Tiff {
 public:
  explicit Tiff(std::span<const uint8_t> bytes) : bytes_(bytes), little_(begins_with("II")) {}

  bool valid() const { return (little_ || begins_with("MM")) && number(2, 2) == 42; }
  // Zero behind the end.
  uint32_t number(uint64_t at, uint64_t count) const {
    if (at + count > bytes_.size()) return 0;
    uint32_t value = 0;
    for (uint64_t i = 0; i < count; ++i) value = value << 8 | bytes_[at + (little_ ? count - 1 - i : i)];
    return value;
  }

 private:
  bool begins_with(std::string_view magic) const {
    return bytes_.size() >= magic.size() && std::equal(magic.begin(), magic.end(), bytes_.begin());
  }
  std::span<const uint8_t> bytes_;
  bool little_;
};

}  // namespace

// Of all that EXIF can hold this looks at one list of tags, the first, and follows nothing that lies elsewhere: lists
// that name one another, makers' notes and thumbnails cost a full reader seconds for 64 KB.
int exif_orientation(std::span<const uint8_t> exif) {
  constexpr std::string_view kHeader("Exif\0\0", 6);
  if (exif.size() >= kHeader.size() && std::equal(kHeader.begin(), kHeader.end(), exif.begin()))
    exif = exif.subspan(kHeader.size());
  const Tiff tiff(exif);
  if (!tiff.valid()) return 1;
  constexpr uint32_t kOrientation = 0x0112, kShort = 3, kEntryBytes = 12;
  const uint64_t list = tiff.number(4, 4), entries = tiff.number(list, 2);
  for (uint64_t i = 0; i < entries; ++i) {
    const uint64_t entry = list + 2 + i * kEntryBytes;
    if (entry + kEntryBytes > exif.size()) return 1;
    if (tiff.number(entry, 2) != kOrientation) continue;
    const uint32_t value = tiff.number(entry + 8, 2);
    const bool one_short = tiff.number(entry + 2, 2) == kShort && tiff.number(entry + 4, 4) == 1;
    return one_short && value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

Picture upright(Picture picture, int orientation) {
  if (orientation <= 1 || orientation > 8) return picture;
  const bool swapped = orientation >= 5;
  Picture out(swapped ? picture.height : picture.width, swapped ? picture.width : picture.height, picture.channels);
  const int right = picture.width - 1, bottom = picture.height - 1;
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      int from_x = x, from_y = y;
      switch (orientation) {
        case 2: from_x = right - x; break;
        case 3: from_x = right - x, from_y = bottom - y; break;
        case 4: from_y = bottom - y; break;
        case 5: from_x = y, from_y = x; break;
        case 6: from_x = y, from_y = bottom - x; break;
        case 7: from_x = right - y, from_y = bottom - x; break;
        case 8: from_x = right - y, from_y = x; break;
        default: break;
      }
      std::copy_n(picture.at(from_x, from_y), picture.channels, out.at(x, y));
    }
  }
  return out;
}

}  // namespace dimple::media
