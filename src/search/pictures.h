// The pictures of a search, at whatever size a network reads them. A part of the training pictures is held back, people
// whole where they are known: no decision of the search looks at it, so what it says beside the validation pictures shows how
// far a search has fitted itself to those.
#pragma once
#include <cstdint>
#include <map>

#include "data/dataset.h"

namespace dimple::search {

class Pictures {
 public:
  // `nested`: the share that is held back. Throws host::Error(Exit::usage) for a share that is none, and Exit::input where
  // too little is left to learn from, or to choose by.
  Pictures(const data::Dataset& whole, double nested);

  // Its test split is what was held back.
  const data::Dataset& at(int32_t size);
  // The set's own test pictures.
  const data::Dataset& test_at(int32_t size);

 private:
  struct Sized {
    data::Dataset search, test;
  };
  const Sized& sized(int32_t size);

  data::Dataset search_, test_;
  std::map<int32_t, Sized> sized_;
};

}  // namespace dimple::search
