// With --views a picture has so many fixed alterations, its views, one in each epoch in turn. They are kept as seeds, not
// as pixels. What a teacher answers about them can then be stored once, for all epochs and all students.
#pragma once
#include <cstdint>

#include "host/random.h"

namespace dimple::train {

// Which view of a row an epoch sees, `turn` counting how often the row came before in it. Each comes once in `views`
// epochs; where a row begins follows from the seed, so that an epoch holds all of them alike.
constexpr int view_of(int views, uint64_t seed, int epoch, int32_t row, int32_t turn = 0) {
  const uint64_t first = host::seed_for(seed, 0, static_cast<uint64_t>(row));
  return static_cast<int>(
      (first % static_cast<uint64_t>(views) + static_cast<uint64_t>(epoch) + static_cast<uint64_t>(turn)) %
      static_cast<uint64_t>(views));
}

// Of the alteration. It does not depend on a training's seed: several students see what one teacher has answered about.
constexpr uint64_t view_seed(int32_t row, int view) {
  constexpr uint64_t kViews = 0x7669657773;
  return host::seed_for(kViews, static_cast<uint64_t>(view), static_cast<uint64_t>(row) + 1);
}

}  // namespace dimple::train
