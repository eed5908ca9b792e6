#include "selftest/face_answers.h"

#include "faces/dimple_face.h"
#include "selftest/fnv1a.h"
#include "selftest/signature_scenes.h"

namespace dimple::selftest {
namespace {

// No network is sure of a drawing, so the limits are what the scenes lie on both sides of.
constexpr dimple_face_options kLimits{.min_score = 0.4f, .min_quality = 0.5f, .min_face = 32};

// 65536 is 1. A number beyond 0 .. 1, or none at all, is a mistake and becomes -1.
int32_t in_65536ths(float value) {
  return value >= 0 && value <= 1 ? static_cast<int32_t>(value * 65536.0f + 0.5f) : -1;
}

}  // namespace

Result<uint64_t> hash_face_answers(dimple_session& session, Span<uint8_t> picture, Span<uint8_t> scratch) {
  Fnv1a hash;
  for (uint32_t scene = 0; scene < kScenes; ++scene) {
    draw_scene(scene, picture);
    const dimple_picture shown{picture.data(), kSceneWidth, kSceneHeight, kSceneChannels, 0};
    const image::Box& face = kSceneBoxes[scene];
    const dimple_box box{face.x, face.y, face.width, face.height};
    dimple_face_answer answer;
    const int32_t status = dimple_read_face(&session, &kLimits, &shown, &box, scratch.data(),
                                            static_cast<uint32_t>(scratch.size()), &answer);
    if (status != 0) return static_cast<Status>(status);
    hash.add(static_cast<int32_t>(answer.label));
    hash.add(answer.unsure);
    hash.add(in_65536ths(answer.quality));
    hash.add(in_65536ths(answer.score));
  }
  return hash.state;
}

}  // namespace dimple::selftest
