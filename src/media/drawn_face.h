// A drawn face, for sheets and tests that people look at: no photo is shown.
#pragma once
#include "media/picture.h"

namespace dimple::media {

struct DrawnFace {
  int size = 48;       // pixels, square
  int channels = 1;    // 1 or 3
  float smile = 0.8f;  // -1: the corners of the mouth hang; 1: they are up
  float open = 0;      // of the mouth, 0 to 1
};

Picture draw_face(const DrawnFace& face);

}  // namespace dimple::media
