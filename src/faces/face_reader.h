// A face on a picture becomes an answer, in two halves with the network between them, so that any executor can stand
// there:
//   prepare_face   picture, box -> codes, and how sharp the face is
//   judge          scores, box, sharpness -> a label, or `unsure` and why
// dimple_read_face (dimple_face.h) is both, with the session's own program between them.
#pragma once
#include "base/result.h"
#include "base/span.h"
#include "faces/dimple_face.h"
#include "image/preprocess.h"

namespace dimple::faces {

inline constexpr dimple_face_options kFaceDefaults{.min_score = 0.45f, .min_quality = 0.2f, .min_face = 32};

// For a picture that is a face from edge to edge: its box is the crop.
constexpr image::Preprocess framed(image::Preprocess how) {
  how.margin_permille = how.shift_permille = 0;
  return how;
}

// Fills how.pixels() codes and tells the face's sharpness. Refuses (bad_argument) a box that shows nothing of the
// picture: what the border repeats there would be read as a face.
Result<float> prepare_face(const image::Preprocess& how, image::View picture, const image::Box& face,
                           Span<uint8_t> scratch, Span<int8_t> codes);

// There is at least one score. A score that is no number is a low one.
dimple_face_answer judge(const dimple_face_options& options, const image::Box& face, float quality,
                         Span<const float> scores);

}  // namespace dimple::faces
