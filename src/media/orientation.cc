#include "media/orientation.h"

#include <libexif/exif-data.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace dimple::media {
namespace {

constexpr uint8_t kExifHeader[] = {'E', 'x', 'i', 'f', 0, 0};
constexpr size_t kMaxExif = 1 << 16;  // what a JPEG segment can hold

}  // namespace

int exif_orientation(std::span<const uint8_t> exif) {
  std::vector<uint8_t> block;
  const bool headed =
      exif.size() >= sizeof kExifHeader && std::memcmp(exif.data(), kExifHeader, sizeof kExifHeader) == 0;
  if (!headed) block.assign(std::begin(kExifHeader), std::end(kExifHeader));
  block.insert(block.end(), exif.begin(), exif.begin() + std::min(exif.size(), kMaxExif));

  const std::unique_ptr<ExifData, void (*)(ExifData*)> data(exif_data_new(), exif_data_unref);
  if (!data) return 1;
  exif_data_unset_option(data.get(), EXIF_DATA_OPTION_FOLLOW_SPECIFICATION);
  exif_data_set_option(data.get(), EXIF_DATA_OPTION_DONT_CHANGE_MAKER_NOTE);
  exif_data_load_data(data.get(), block.data(), static_cast<unsigned>(block.size()));
  const ExifEntry* entry = exif_content_get_entry(data->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
  if (!entry || entry->format != EXIF_FORMAT_SHORT || entry->components < 1 || entry->size < 2) return 1;
  const int value = exif_get_short(entry->data, exif_data_get_byte_order(data.get()));
  return value >= 1 && value <= 8 ? value : 1;
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
