// An operator's attributes in a program: its fields as 32-bit words in the order of visit(). That is also how its
// struct lies in memory, so kernels read the words in place; the test of this file proves it for every operator.
#pragma once
#include "base/memory.h"
#include "base/platform.h"

namespace dimple::format {

template <class Op>
constexpr uint32_t attribute_words() {
  uint32_t words = 0;
  Op op;
  Op::visit(op, [&words](const char*, const auto& field) {
    static_assert(sizeof(field) == sizeof(uint32_t));
    ++words;
  });
  return words;
}

template <class Op>
Op load_attributes(const uint32_t* words) {
  constexpr size_t kBytes = attribute_words<Op>() * sizeof(uint32_t);
  static_assert(kBytes == 0 || kBytes == sizeof(Op));
  Op op;
  if constexpr (kBytes > 0) copy_bytes(&op, words, kBytes);
  return op;
}

template <class Op>
void store_attributes(Op op, uint32_t* words) {
  Op::visit(op, [&words](const char*, auto& field) { copy_bytes(words++, &field, sizeof field); });
}

}  // namespace dimple::format
