// The picture a person is shown: a box around each face, what was read, and a bar per expression.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "image/picture.h"
#include "media/draw.h"
#include "media/picture.h"

namespace dimple::media {

struct AnnotatedFace {
  image::Box box;
  std::string label;
  float score = 0;
  std::vector<std::pair<std::string, float>> scores;  // in the model's order
  bool abstain = false;                               // shown as `unsure`
  std::string reason = {};                            // beside `unsure`: "small", "blurred", "low score"
};

// RGB, as large as the picture, or enlarged a whole number of times when it is too small for letters. Bars are drawn
// for up to three faces, where they hide neither a face nor other bars; elsewhere the label stands alone.
Picture annotate(const Picture& picture, const std::vector<AnnotatedFace>& faces);

// The colour a label has everywhere in Dimple; other labels get a quiet blue.
Colour colour_of_expression(const std::string& label);

}  // namespace dimple::media
