#include "data/datasets/jaffe/plain_tiff.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "host/error.h"

namespace dimple::data {
namespace {

constexpr uint32_t kMaxSide = 4096, kMaxEntries = 512, kMaxStrips = 4096;

// Reads within bounds or throws; offsets are 64 bits wide, so that sums of two 32-bit numbers cannot wrap.
class Tiff {
 public:
  Tiff(std::string_view bytes, const std::string& where)
      : bytes_(bytes), where_(where), big_endian_(bytes.starts_with("MM")) {}

  media::Picture read() {
    const uint64_t folder = number(4, 4);
    const uint64_t entries = number(folder, 2);
    if (entries > kMaxEntries) refuse("its folder has too many entries");
    for (uint64_t i = 0; i < entries; ++i) take_field(folder + 2 + 12 * i);
    if (width_ < 1 || height_ < 1 || width_ > kMaxSide || height_ > kMaxSide)
      refuse(fmt::format("{}x{} pixels", width_, height_));
    if (bits_ != 8 || samples_ != 1 || compression_ != 1 || inverted_ > 1)
      refuse("a TIFF file that is not plain 8-bit grey; convert it to PNG");
    media::Picture picture(static_cast<int>(width_), static_cast<int>(height_), 1);
    size_t filled = 0;
    for (size_t i = 0; i < offsets_.size() && filled < picture.pixels.size(); ++i) {
      const uint64_t left = picture.pixels.size() - filled;
      const uint64_t size = i < sizes_.size() ? std::min<uint64_t>(sizes_[i], left) : left;
      if (offsets_[i] > bytes_.size() || size > bytes_.size() - offsets_[i]) refuse("the TIFF data is cut short");
      std::memcpy(picture.pixels.data() + filled, bytes_.data() + offsets_[i], size);
      filled += size;
    }
    if (filled < picture.pixels.size()) refuse("the TIFF data is cut short");
    if (inverted_ == 0)
      for (uint8_t& pixel : picture.pixels) pixel = static_cast<uint8_t>(255 - pixel);
    return picture;
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    throw host::Error(host::Exit::input, fmt::format("cannot read {}: {}", where_, why));
  }

  uint64_t number(uint64_t at, uint64_t size) const {
    if (at > bytes_.size() || size > bytes_.size() - at) refuse("the TIFF data is cut short");
    uint64_t value = 0;
    for (uint64_t i = 0; i < size; ++i)
      value |= uint64_t{static_cast<uint8_t>(bytes_[at + i])} << 8 * (big_endian_ ? size - 1 - i : i);
    return value;
  }

  // One of `count` numbers of a field, which stand in the field itself while they fit.
  std::vector<uint64_t> values(uint64_t field) const {
    const uint64_t type = number(field + 2, 2), count = number(field + 4, 4);
    const uint64_t size = type == 3 ? 2 : type == 4 ? 4 : 1;
    if (count > kMaxStrips) refuse("its folder has too many entries");
    const uint64_t from = count * size <= 4 ? field + 8 : number(field + 8, 4);
    std::vector<uint64_t> all;
    for (uint64_t i = 0; i < count; ++i) all.push_back(number(from + i * size, size));
    return all;
  }

  void take_field(uint64_t field) {
    const auto one = [&] {
      const auto all = values(field);
      return all.empty() ? 0 : all[0];
    };
    switch (number(field, 2)) {
      case 256: width_ = one(); break;
      case 257: height_ = one(); break;
      case 258: bits_ = one(); break;
      case 259: compression_ = one(); break;
      case 262: inverted_ = one(); break;
      case 273: offsets_ = values(field); break;
      case 277: samples_ = one(); break;
      case 279: sizes_ = values(field); break;
      default: break;
    }
  }

  std::string_view bytes_;
  const std::string& where_;
  bool big_endian_;
  uint64_t width_ = 0, height_ = 0, bits_ = 1, samples_ = 1, compression_ = 1, inverted_ = 1;
  std::vector<uint64_t> offsets_, sizes_;
};

}  // namespace

std::optional<media::Picture> decode_plain_tiff(std::string_view bytes, const std::string& where) {
  if (bytes.starts_with(std::string_view("II*\0", 4)) || bytes.starts_with(std::string_view("MM\0*", 4)))
    return Tiff(bytes, where).read();
  return std::nullopt;
}

}  // namespace dimple::data
