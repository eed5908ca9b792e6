// A training picture as it might have been taken a moment later, by another camera, in another light: the five
// augmentations of the battery-powered friend (shift, rotation, blur, noise, light), with scale, mirror and occlusion.
//
// The order is that of the world: the head moves (one resampling for shift, rotation, scale and mirror, so that nothing
// is smoothed twice), light falls on it, something is in front of it, the lens blurs, the sensor adds noise.
#pragma once
#include <cstdint>
#include <span>

#include "base/platform.h"

namespace dimple::data {

struct AugmentConfig {
  float mirror_probability = 0.5f;
  float move_probability = 1;
  float shift = 0.08f;  // of the width and height
  float rotation = 12;  // degrees
  float scale = 0.12f;
  float light_probability = 0.8f;
  float gain = 0.25f;     // contrast, around the middle grey
  float brightness = 24;  // grey levels
  float curve = 0.35f;    // bends the tone curve: back-light and crushed shadows
  float gradient = 0.3f;  // light from one side: from 1 - gradient to 1 + gradient across the picture
  float colour = 0.08f;   // gain of each channel, for pictures with three
  float occlusion_probability = 0;
  float occlusion = 0.35f;  // largest side of the covered rectangle, of the width
  float blur_probability = 0.15f;
  float blur = 0.25f;  // most that a pixel gives to each neighbour, at most 1/3
  float noise_probability = 0.3f;
  float noise = 10;  // largest standard deviation, grey levels

  bool operator==(const AugmentConfig&) const = default;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("mirror_probability", self.mirror_probability, "how often the picture is mirrored");
    f("move_probability", self.move_probability, "how often the face is shifted, turned and scaled");
    f("shift", self.shift, "largest shift, as a part of width and height");
    f("rotation", self.rotation, "largest rotation in degrees");
    f("scale", self.scale, "largest change of size, 0.1 is 10 %");
    f("light_probability", self.light_probability, "how often the light changes");
    f("gain", self.gain, "largest change of contrast");
    f("brightness", self.brightness, "largest change of brightness in grey levels");
    f("curve", self.curve, "largest bend of the tone curve, below 1");
    f("gradient", self.gradient, "strongest light from one side");
    f("colour", self.colour, "largest change of a colour channel");
    f("occlusion_probability", self.occlusion_probability, "how often a rectangle is covered");
    f("occlusion", self.occlusion, "largest side of the rectangle, as a part of the width");
    f("blur_probability", self.blur_probability, "how often the picture is blurred");
    f("blur", self.blur, "strongest blur, at most 0.33");
    f("noise_probability", self.noise_probability, "how often noise is added");
    f("noise", self.noise, "strongest noise: standard deviation in grey levels");
  }
};

// What is drawn depends on the seed alone. `in` and `out` hold width x height x channels bytes (channels 1 or 3) and
// may not overlap.
void augment(const AugmentConfig& config, uint64_t seed, std::span<const uint8_t> in, int32_t width, int32_t height,
             int32_t channels, std::span<uint8_t> out);

}  // namespace dimple::data
