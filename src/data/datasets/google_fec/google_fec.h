// Google's facial expression comparisons: addresses of pictures, boxes in them, and which two of three look alike.
//   faceexp-comparison-data-train-public.csv, ...-test-public.csv     three times address, left, right, top, bottom
//                                                                     (shares of the sides), then what people said
//   the pictures themselves, as far as they are held: any folder, by the last part of their address
// It has comparisons and no classes: without labels it is a pool of faces, all called unlabelled, that can be checked
// and not learned from. With a table labels.csv of your own (path,label) it is a data set.
#pragma once
#include <string>
#include <vector>

#include "data/datasets/picture_tree.h"

namespace dimple::data {

bool recognises_google_fec(const std::string& path);
Dataset load_google_fec(const std::string& path, const LoadOptions& options);

}  // namespace dimple::data
