// A training picture as it might have been taken a moment later, by another camera, in another light: the five
// augmentations of the battery-powered friend (shift, rotation, blur, noise, light), and what it met in the office and
// had not been shown: back-light, crushed shadows, sensor noise.
//
// The order is that of the world: the head moves (one resampling for shift, rotation, scale and mirror, so that nothing
// is smoothed twice), light falls on it, something is in front of it, the lens blurs, the sensor clips and adds noise,
// the camera compresses. Cutout, which is not of this world, comes last. Each step is a file, augment_<step>.cc.
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
  float back_light_probability = 0;
  float back_light = 0.7f;  // 1: the face goes black and the background white
  float crush_probability = 0;
  float crush = 0.3f;  // greys below this part of the range become black
  float range_probability = 0;
  float range = 0.5f;  // part of the range of greys that is lost at both ends together
  float sensor_probability = 0;
  float sensor = 12;  // standard deviation at middle grey of a picture of middle grey
  float jpeg_probability = 0;
  float jpeg = 25;  // lowest quality
  float cutout_probability = 0;
  float cutout = 0.4f;  // side of the square, of the width

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
    f("back_light_probability", self.back_light_probability,
      "how often light comes from behind: bright side, dark face");
    f("back_light", self.back_light, "strongest back-light, at most 1");
    f("crush_probability", self.crush_probability, "how often shadows are crushed to black");
    f("crush", self.crush, "largest part of the greys that becomes black, below 1");
    f("range_probability", self.range_probability, "how often the camera has little dynamic range");
    f("range", self.range, "largest part of the greys that is clipped, both ends together, below 1");
    f("sensor_probability", self.sensor_probability, "how often the sensor is noisy: more so the darker the picture");
    f("sensor", self.sensor, "strongest sensor noise: standard deviation in grey levels in ordinary light");
    f("jpeg_probability", self.jpeg_probability, "how often the picture comes from a compressed stream");
    f("jpeg", self.jpeg, "lowest JPEG quality, 1 to 95");
    f("cutout_probability", self.cutout_probability, "how often a square is blanked, wherever it falls");
    f("cutout", self.cutout, "side of the square, as a part of the width");
  }
};

// Throws host::Error(Exit::usage) for what cannot be done: a probability that is none, a strength out of its range,
// JPEG in a build without codecs. To be asked once, before the work.
void check(const AugmentConfig& config);

// What is drawn depends on the seed alone. `in` and `out` hold width x height x channels bytes (channels 1 or 3) and
// may not overlap.
void augment(const AugmentConfig& config, uint64_t seed, std::span<const uint8_t> in, int32_t width, int32_t height,
             int32_t channels, std::span<uint8_t> out);

// `config` with every step turned off: its probability is 0.
AugmentConfig without_steps(AugmentConfig config);

}  // namespace dimple::data
