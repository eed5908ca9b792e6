// SFEW: stills from films, seven classes: Train|Val / <class> / <film>_<time>_<frame>.png, as given out or aligned. The
// labels of its test part were kept back, so that results are reported on Val, which therefore is our test split.
#pragma once
#include <string>
#include <vector>

#include "data/datasets/picture_tree.h"

namespace dimple::data {

bool recognises_sfew(const std::string& path);
Dataset load_sfew(const std::string& path, const LoadOptions& options);

std::vector<Entry> read_sfew_path(const std::string& path);

}  // namespace dimple::data
