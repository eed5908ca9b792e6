// How much smaller a general compressor makes bytes.
#pragma once
#include <cstdint>
#include <span>

namespace dimple::compress {

int64_t zipped_bytes(std::span<const uint8_t> bytes);  // deflated, with the frame of gzip

}  // namespace dimple::compress
