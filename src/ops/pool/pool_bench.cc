#include "ops/kernel_bench.h"

namespace dimple::ops {
namespace {

template <class Op>
struct Pooling {
  const char* name;
  Shape in;
  Window window;

  Op op() const { return {window}; }
};

constexpr Window kThreeByTwo{3, 3, 2, 2}, kThree{3, 3, 1, 1, 1, 1, 1, 1}, kTwo{2, 2, 2, 2};

template <class Op>
constexpr Pooling<Op> kPools[] = {
    {"55x55x64_by_2", {55, 55, 64}, kThreeByTwo}, {"13x13x256_by_2", {13, 13, 256}, kThreeByTwo},
    {"28x28x44", {28, 28, 44}, kThree},           {"7x7x176", {7, 7, 176}, kThree},
    {"48x48x16_2x2", {48, 48, 16}, kTwo},
};

const bool kPoolsRegistered =
    register_layers(OpCode::max_pool, kPools<MaxPool>) && register_layers(OpCode::average_pool, kPools<AveragePool>);

}  // namespace
}  // namespace dimple::ops
