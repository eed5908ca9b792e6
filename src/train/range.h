// A range of items, and how items are divided into parts of nearly the same length.
#pragma once
#include <cstddef>

namespace dimple::train {

struct Range {  // [first, last)
  size_t first, last;
  size_t size() const { return last - first; }
};

inline Range range_of(size_t count, int part, int parts) {
  const auto p = static_cast<size_t>(part), n = static_cast<size_t>(parts);
  return {count * p / n, count * (p + 1) / n};
}

}  // namespace dimple::train
