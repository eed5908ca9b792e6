// The head moves: shift, rotation, scale and mirror as one matrix, so that the picture is resampled once.
#include "data/augment_steps.h"

namespace dimple::data::augmenting {
namespace {

constexpr float kOne = 65536;  // Q16

int32_t q16(float value) { return static_cast<int32_t>(std::lround(value * kOne)); }

}  // namespace

// source = centre + R / scale * M * (target - centre) - shift, M mirroring x.
image::Affine draw_move(const AugmentConfig& config, Random& random, const Picture& p) {
  const bool mirror = random.chance(config.mirror_probability), move = random.chance(config.move_probability);
  const float turn = random.around(config.rotation) * 0.01745329252f;
  const float size = 1 + random.around(config.scale);
  const float dx = random.around(config.shift) * static_cast<float>(p.width);
  const float dy = random.around(config.shift) * static_cast<float>(p.height);
  const float sign = mirror ? -1.0f : 1.0f, cx = static_cast<float>(p.width - 1) / 2,
              cy = static_cast<float>(p.height - 1) / 2;
  const float cosine = move ? std::cos(turn) / size : 1, sine = move ? std::sin(turn) / size : 0;
  const float xx = cosine * sign, yx = sine * sign, xy = -sine, yy = cosine;
  const float x0 = cx - xx * cx - xy * cy - (move ? dx : 0), y0 = cy - yx * cx - yy * cy - (move ? dy : 0);
  return {q16(xx), q16(xy), q16(x0), q16(yx), q16(yy), q16(y0)};
}

}  // namespace dimple::data::augmenting
