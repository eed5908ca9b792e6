// A drawn face, for sheets and tests that people look at: no photo is shown.
#pragma once
#include "media/picture.h"

namespace dimple::media {

struct DrawnFace {
  int size = 48;       // pixels, square
  int channels = 1;    // 1 or 3
  float smile = 0.8f;  // -1: the corners of the mouth hang; 1: they are up
  float open = 0;      // of the mouth, 0 to 1
  float brow = 0.6f;   // -1: low, close to the eyes; 1: raised
  float frown = 0;     // of the brows, -1: their inner ends are up, as in sorrow; 1: they are down, as in anger
  float lids = 0;      // 0: the eyes are wide open; 1: they are slits
};

Picture draw_face(const DrawnFace& face);

// The same without hair and shoulders, as the data sets frame faces: what a reader is given edge to edge.
Picture draw_framed_face(const DrawnFace& face);

}  // namespace dimple::media
