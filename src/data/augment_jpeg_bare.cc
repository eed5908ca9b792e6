// A bare training machine has no codec, and nothing here pretends to be one: check() refuses before this is reached.
#include <cassert>

#include "data/augment_steps.h"

namespace dimple::data::augmenting {

bool knows_jpeg() { return false; }

void jpeg(const AugmentConfig&, Random&, const Picture&) { assert(false); }

}  // namespace dimple::data::augmenting
