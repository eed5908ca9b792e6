// How sharp a face is, as the network sees it: what there is between neighbouring pixels against what there is at all.
#pragma once
#include <cstdint>
#include <span>

namespace dimple::workflow {

// 0: flat or blurred away .. 1: as sharp as pictures of this size get. Of one channel, width x height.
float sharpness(std::span<const uint8_t> grey, int width, int height);

}  // namespace dimple::workflow
