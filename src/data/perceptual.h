// Pictures that look the same without being the same bytes: saved again, resized, a little brighter. Each picture gets
// 64 bits, one for each pair of neighbours in a 9x8 thumbnail: is the left one brighter? Copies differ in few bits, and
// whatever differs in at most 3 of 64 agrees in one of four 16-bit bands, so that only pictures of one band need be
// compared: tens of thousands take a second. Faces framed alike have hashes alike, therefore a pair counts only when
// its 16x16 thumbnails also correlate almost wholly.
#pragma once
#include <cstdint>
#include <vector>

#include "data/dataset.h"
#include "host/task.h"

namespace dimple::data {

struct SimilarOptions {
  int32_t most_bits = 3;             // at most 3: a band each may be spoilt
  float least_correlation = 0.985f;  // of the thumbnails; calibrated by perceptual_test
  size_t most_compared = 4096;       // in a band, each with so many that come after it: a million of one band end too
  host::Task task = {};
};

uint64_t difference_hash(const Dataset& set, size_t row);

// For each row the first row that looks like it, directly or through others; itself when there is none. Mirrored copies
// are not found.
std::vector<int32_t> find_similar(const Dataset& set, const SimilarOptions& options = {});

}  // namespace dimple::data
