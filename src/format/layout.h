// How a kernel wants the weights of a step. A program says it for each step: `plain`, the graph's own order, runs on
// every machine, which packs weights once, when the program is opened; a program for a chip is packed ahead of time.
//
//   name       the weights of one step, as they lie
//   plain      as the graph has them
//   out8_in4   [out / 8][in / 4][8 out][4 in] of s8, filled up with zeros: 8 output channels are one vector of sums, and
//              of each there are 4 weights side by side. `in` counts all weights of an output channel, in its order
#pragma once
#include "base/memory.h"
#include "ops/parameters.h"

namespace dimple::format {

#define DIMPLE_LAYOUTS(X) X(plain) X(out8_in4)

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
constexpr int64_t packed_bytes(Layout layout, const ops::Dims& weight) {
  switch (layout) {
    case Layout::plain: break;
    case Layout::out8_in4:
      return round_up<int64_t>(weight.extent(ops::Axis::out), 8) * round_up<int64_t>(weight.per_channel(), 4);
  }
  return 0;
}

}  // namespace dimple::format
