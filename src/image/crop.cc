#include "image/crop.h"

#include "base/fixed_point.h"

namespace dimple::image {
namespace {

// Far outside of any picture, and small enough that every sum below stays within 32 bits.
constexpr int32_t kMaxDistance = 1 << 26;

int32_t part(int32_t value, int32_t numerator, int32_t denominator) {
  const int64_t twice = int64_t{2} * value * numerator + denominator;  // halves upwards; negative shifts floor too
  const int64_t by = int64_t{2} * denominator;
  const int64_t quotient = twice >= 0 ? twice / by : -((-twice + by - 1) / by);
  return static_cast<int32_t>(clamp<int64_t>(quotient, -kMaxDistance, kMaxDistance));
}

}  // namespace

Box crop_box(const CropRule& rule, Box face) {
  const int32_t face_width = clamp<int32_t>(face.width, 1, kMaxDistance),
                face_height = clamp<int32_t>(face.height, 1, kMaxDistance);
  const int32_t side = max_of<int32_t>(face_width, face_height);
  const int32_t height = max_of<int32_t>(part(side, 1000 + clamp<int32_t>(rule.margin_permille, -999, 9000), 1000), 1);
  const int32_t width =
      max_of<int32_t>(part(height, max_of<int32_t>(rule.width, 1), max_of<int32_t>(rule.height, 1)), 1);
  const int32_t shift = part(side, clamp<int32_t>(rule.shift_permille, -9000, 9000), 1000);
  // Centres are kept in half pixels, so that an odd difference of sizes is rounded once.
  const int64_t left = int64_t{2} * clamp<int32_t>(face.x, -kMaxDistance, kMaxDistance) + face_width - width;
  const int64_t top = int64_t{2} * clamp<int32_t>(face.y, -kMaxDistance, kMaxDistance) + face_height - height;
  return {static_cast<int32_t>(left >> 1), static_cast<int32_t>((top >> 1) + shift), width, height};
}

}  // namespace dimple::image
