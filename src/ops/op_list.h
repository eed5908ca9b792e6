// The one list of operators. A new one is a folder beside this file (or a struct in that of its family), its include and
// its line here. What its header must say is in ops/traits.h.
#pragma once
#include "ops/add/add.h"
#include "ops/batch_norm/batch_norm.h"
#include "ops/channel_pool/channel_pool.h"
#include "ops/concat/concat.h"
#include "ops/conv2d/conv2d.h"
#include "ops/dense/dense.h"
#include "ops/depthwise_conv2d/depthwise_conv2d.h"
#include "ops/dropout/dropout.h"
#include "ops/flatten/flatten.h"
#include "ops/global_pool/global_pool.h"
#include "ops/multiply/multiply.h"
#include "ops/pad/pad.h"
#include "ops/pool/pool.h"
#include "ops/prelu/prelu.h"
#include "ops/quantise/quantise.h"
#include "ops/relu/relu.h"
#include "ops/sigmoid/sigmoid.h"
#include "ops/sign/sign.h"
#include "ops/softmax/softmax.h"

#define DIMPLE_OPS(X)                       \
  X(Add, add)                               \
  X(AveragePool, average_pool)              \
  X(BatchNorm, batch_norm)                  \
  X(ChannelMax, channel_max)                \
  X(ChannelMean, channel_mean)              \
  X(Concat, concat)                         \
  X(Conv2d, conv2d)                         \
  X(Dense, dense)                           \
  X(DepthwiseConv2d, depthwise_conv2d)      \
  X(Dequantise, dequantise)                 \
  X(DropPath, drop_path)                    \
  X(Dropout, dropout)                       \
  X(Flatten, flatten)                       \
  X(GlobalAveragePool, global_average_pool) \
  X(GlobalMaxPool, global_max_pool)         \
  X(HardSigmoid, hard_sigmoid)              \
  X(HardSwish, hard_swish)                  \
  X(MaxPool, max_pool)                      \
  X(Multiply, multiply)                     \
  X(Pad, pad)                               \
  X(Prelu, prelu)                           \
  X(Quantise, quantise)                     \
  X(Relu, relu)                             \
  X(Relu6, relu6)                           \
  X(Sigmoid, sigmoid)                       \
  X(Sign, sign)                             \
  X(Softmax, softmax)                       \
  X(Swish, swish)

namespace dimple::ops {

// The numbers that program files hold: kNumber of each header.
enum class OpCode : uint16_t {
#define DIMPLE_X(Type, name) name = Type::kNumber,
  DIMPLE_OPS(DIMPLE_X)
#undef DIMPLE_X
};

inline constexpr int kOpCount = 0
#define DIMPLE_X(Type, name) +1
    DIMPLE_OPS(DIMPLE_X)
#undef DIMPLE_X
    ;

#define DIMPLE_X(Type, name)                                                                                 \
  static_assert(says_integer<Type>(), #name ".h lacks kInteger: what its integer kernel does to codes");     \
  static_assert(says_identity<Type>(), #name ".h lacks kIdentity: when it computes nothing");                \
  static_assert(says_linear<Type>(), #name ".h lacks kLinear: is it a linear operator?");                    \
  static_assert(says_output_channels<Type>(), #name ".h: no axis of the weight is Axis::out");               \
  static_assert(says_scales<Type>(), #name ".h lacks parameters(): how many scales its integer form has");   \
  static_assert(says_initial_weight<Type>(), #name ".h lacks kInitialWeight: what its weight begins as");    \
  static_assert(plans_scales<Type>(), #name ".h lacks plan_scales(): the fixed-point scales of its kernel"); \
  static_assert(says_value_at<Type>(), #name ".h lacks value_at(): the function behind its table");          \
  static_assert(says_types<Type>(), #name ".h lacks kReads, kWrites: which types it converts");
DIMPLE_OPS(DIMPLE_X)
#undef DIMPLE_X

constexpr bool is_operator(uint32_t number) {
  switch (number) {  // two operators of one number do not compile
#define DIMPLE_X(Type, name) case Type::kNumber:
    DIMPLE_OPS(DIMPLE_X)
#undef DIMPLE_X
    return true;
  }
  return false;
}

// f(Type{}) for the operator of that code.
template <class F>
constexpr auto with_operator(OpCode code, F&& f) {
  switch (code) {
#define DIMPLE_X(Type, name) \
  case OpCode::name: return f(Type{});
    DIMPLE_OPS(DIMPLE_X)
#undef DIMPLE_X
  }
  __builtin_unreachable();
}

}  // namespace dimple::ops
