// The one kind of TIFF that JAFFE comes in: a single picture, 8-bit grey, not compressed. No codec, and no wish to be
// one: anything else is refused by name.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "media/picture.h"

namespace dimple::data {

// Nothing: no TIFF. Throws host::Error(Exit::input).
std::optional<media::Picture> decode_plain_tiff(std::string_view bytes, const std::string& where);

}  // namespace dimple::data
