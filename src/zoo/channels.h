// How wide a layer is when its network is made wider or narrower.
#pragma once

namespace dimple::zoo {

// The multiple of `divisor` that is nearest to what was asked for, at least one of them, and never less than nine
// tenths of it: the rule of the MobileNet family.
constexpr int nearest_channels(float asked, int divisor = 8) {
  const int nearest = static_cast<int>(asked + static_cast<float>(divisor) / 2) / divisor * divisor;
  const int rounded = nearest > divisor ? nearest : divisor;
  return static_cast<float>(rounded) < 0.9f * asked ? rounded + divisor : rounded;
}

// A multiplier of 1 leaves odd widths as they are.
constexpr int scaled_channels(int channels, float multiplier, int divisor = 8) {
  return multiplier == 1.0f ? channels : nearest_channels(static_cast<float>(channels) * multiplier, divisor);
}

}  // namespace dimple::zoo
