// Pictures to PNG and JPEG files.
#pragma once
#include <cstdint>
#include <filesystem>
#include <vector>

#include "media/picture.h"

namespace dimple::media {

std::vector<uint8_t> encode_png(const Picture& picture);
std::vector<uint8_t> encode_jpeg(const Picture& picture, int quality = 92);

// By the end of the name: .png, .jpg or .jpeg. Written whole or not at all.
void save_picture(const std::filesystem::path& path, const Picture& picture);

}  // namespace dimple::media
