#include "format/attributes.h"

#include <gtest/gtest.h>

#include "ops/op_list.h"

namespace dimple::format {
namespace {

// Kernels take the words of a program for the operator's struct: field for field, without gaps.
template <class Op>
void expect_fields_lie_in_order() {
  Op op;
  const char* next = reinterpret_cast<const char*>(&op);
  Op::visit(op, [&next](const char* name, const auto& field) {
    EXPECT_EQ(reinterpret_cast<const char*>(&field), next) << Op::kName << '.' << name;
    next += sizeof(uint32_t);
  });
  if (attribute_words<Op>() > 0) {
    EXPECT_EQ(sizeof(Op), attribute_words<Op>() * sizeof(uint32_t)) << Op::kName;
  }
}

TEST(Attributes, LieInMemoryAsTheyAreVisited) {
#define DIMPLE_X(Type, name) expect_fields_lie_in_order<ops::Type>();
  DIMPLE_OPS(DIMPLE_X)
#undef DIMPLE_X
}

TEST(Attributes, ComeBackAsTheyWereStored) {
  const ops::Conv2d op{7, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, ops::Activation::relu6};
  uint32_t words[attribute_words<ops::Conv2d>()];
  store_attributes(op, words);
  EXPECT_EQ(load_attributes<ops::Conv2d>(words), op);
  EXPECT_EQ(words[1], 1u);
}

}  // namespace
}  // namespace dimple::format
