// How a kernel wants the weights of a step. A program says it for each step: `plain`, the graph's own order, runs on
// every machine, which packs weights once, when the program is opened; a program for a chip is packed ahead of time.
//
//   name       the weights of one step, as they lie
//   plain      as the graph has them
#pragma once
#include "base/fixed_point.h"
#include "base/memory.h"
#include "ops/parameters.h"

namespace dimple::format {

#define DIMPLE_LAYOUTS(X) X(plain)

enum class Layout : uint8_t {
#define DIMPLE_X(name) name,
  DIMPLE_LAYOUTS(DIMPLE_X)
#undef DIMPLE_X
};

inline constexpr uint32_t kLayoutCount = 0
#define DIMPLE_X(name) +1
    DIMPLE_LAYOUTS(DIMPLE_X)
#undef DIMPLE_X
    ;

constexpr const char* name_of(Layout layout) {
  switch (layout) {
#define DIMPLE_X(name) \
  case Layout::name: return #name;
    DIMPLE_LAYOUTS(DIMPLE_X)
#undef DIMPLE_X
  }
  return "?";
}

// Of a weight with these axes. Plain is not packed.
constexpr int64_t packed_bytes(Layout, const ops::Dims&) { return 0; }

}  // namespace dimple::format
