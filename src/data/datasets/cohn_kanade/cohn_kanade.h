// CK+ as it is given out: sequences of whole heads from neutral to the peak, and a label for some of them.
//   cohn-kanade-images/S###/###/S###_###_<frame>.png
//   Emotion/S###/###/S###_###_<frame>_emotion.txt     1 angry 2 contempt 3 disgust 4 fear 5 happy 6 sad 7 surprise
// The last three frames of a labelled sequence are its pictures, 981 in all; the set is called ckplus, like CK+48, and
// has the same protocol.
#pragma once
#include <string>
#include <vector>

#include "data/datasets/picture_tree.h"

namespace dimple::data {

bool recognises_cohn_kanade(const std::string& path);
Dataset load_cohn_kanade(const std::string& path, const LoadOptions& options);

}  // namespace dimple::data
