// A bare training machine (preset `trainer`) has no library to unpack archives or to decode pictures: it reads tensor
// caches, has no importers and no JPEG step.
#include <cassert>

#include "data/augment_steps.h"
#include "data/load.h"

namespace dimple::data {

const std::vector<Importer>& importers() {
  static const std::vector<Importer> none;
  return none;
}

namespace augmenting {

bool knows_jpeg() { return false; }

void compress_jpeg(const Picture&, int) { assert(false); }
void jpeg(const AugmentConfig&, Random&, const Picture&) { assert(false); }  // check() refuses before this is reached

}  // namespace augmenting
}  // namespace dimple::data
