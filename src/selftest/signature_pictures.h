// Pictures that need no file: the same pixels on every machine, drawn with integer arithmetic only.
#pragma once
#include "base/span.h"
#include "image/picture.h"

namespace dimple::selftest {

inline constexpr uint32_t kPictureKinds = 4;

// Kind number % kPictureKinds: noise, a slanted gradient, soft stripes that cross, a face of discs. The number also
// seeds the noise that all of them carry, so that no two pictures are alike.
void draw_picture(uint32_t number, image::MutableView picture);

// Scenes: larger colour pictures, behind those of a network's own size, with a box each: one box shrinks, one grows, one
// sticks out at the top left, one at the bottom right.
inline constexpr uint32_t kFirstScene = 8, kScenes = 8;
inline constexpr int32_t kSceneWidth = 128, kSceneHeight = 96, kSceneChannels = 3;
inline constexpr size_t kSceneBytes = size_t{kSceneWidth} * kSceneHeight * kSceneChannels;
inline constexpr image::Box kSceneBoxes[kScenes] = {
    {20, 10, 70, 70}, {60, 40, 21, 25}, {-15, -10, 60, 64}, {90, 50, 55, 70},
    {0, 0, 128, 96},  {33, 21, 48, 48}, {5, 60, 30, 90},    {50, 5, 77, 49},
};

// `pixels` has room for kSceneBytes.
image::View draw_scene(uint32_t scene, Span<uint8_t> pixels);

}  // namespace dimple::selftest
