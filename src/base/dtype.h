// The element types a tensor can have. b1 is packed +1/-1, 32 to a word; c4 and c5 are packed numbers of entries in a
// codebook of 16 or 32, of which number i lies at bit 4 * i or 5 * i.
#pragma once
#include "base/platform.h"

namespace dimple {

#define DIMPLE_DTYPES(X) X(f32, 32) X(s8, 8) X(u8, 8) X(s32, 32) X(b1, 1) X(c4, 4) X(c5, 5)

enum class DType : uint8_t {
#define DIMPLE_X(name, bits) name,
  DIMPLE_DTYPES(DIMPLE_X)
#undef DIMPLE_X
};

inline constexpr int kDTypeCount = 0
#define DIMPLE_X(name, bits) +1
    DIMPLE_DTYPES(DIMPLE_X)
#undef DIMPLE_X
    ;

constexpr int bit_width(DType type) {
  switch (type) {
#define DIMPLE_X(name, bits) \
  case DType::name: return bits;
    DIMPLE_DTYPES(DIMPLE_X)
#undef DIMPLE_X
  }
  return 0;
}

constexpr const char* name_of(DType type) {
  switch (type) {
#define DIMPLE_X(name, bits) \
  case DType::name: return #name;
    DIMPLE_DTYPES(DIMPLE_X)
#undef DIMPLE_X
  }
  return "?";
}

// What a kernel works with: the types of its first input, its weight (that of the input where it has none), its output.
struct Types {
  DType in = DType::f32, weight = DType::f32, out = DType::f32;
  constexpr bool operator==(const Types&) const = default;
};

// The entries of a codebook for codes of that type, 0 for others. u8 stands in graphs alone.
constexpr int32_t codebook_entries(DType type) {
  return type == DType::c4 ? 16 : type == DType::c5 ? 32 : type == DType::u8 ? 256 : 0;
}

// Bytes of `count` elements; a packed type rounds up to whole 32-bit words.
constexpr int64_t bytes_of(DType type, int64_t count) {
  return bit_width(type) < 8 ? (count * bit_width(type) + 31) / 32 * 4 : count * bit_width(type) / 8;
}

}  // namespace dimple
