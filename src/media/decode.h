// JPEG, PNG and WebP files to pictures. Files are hostile: the format is told by the first bytes, sizes are read from
// the header and refused before anything is allocated, and what is damaged or cut short is refused, never half shown.
#pragma once
#include <filesystem>
#include <span>
#include <string>

#include "host/error.h"
#include "media/picture.h"

namespace dimple::media {

struct DecodeLimits {
  int64_t max_pixels = 50'000'000;  // decoding takes at most about 10 bytes of memory for each
  int max_side = image::kMaxSide;
  int64_t max_visits = 1'000'000'000;  // pixels, times the scans of a progressive JPEG
  uint64_t max_file_bytes = uint64_t{256} << 20;
};

enum class PictureFormat { unknown, jpeg, png, webp };

PictureFormat sniff(std::span<const uint8_t> bytes);

// Grey stays grey, everything else becomes RGB; transparency is laid over white; turned upright as its EXIF data says.
// Throws Error(Exit::input, "cannot read <name>: ...").
Picture decode(std::span<const uint8_t> bytes, const std::string& name, const DecodeLimits& limits = {});
Picture load_picture(const std::filesystem::path& path, const DecodeLimits& limits = {});

}  // namespace dimple::media
