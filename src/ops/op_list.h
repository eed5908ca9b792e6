// The one list of operators. A new one is a folder beside this file, its include and its line here; the number of the
// line is its code in a program file, so new lines go to the end. What its header must say is in ops/traits.h.
#pragma once
#include "ops/add/add.h"
#include "ops/average_pool/average_pool.h"
#include "ops/batch_norm/batch_norm.h"
#include "ops/channel_max/channel_max.h"
#include "ops/channel_mean/channel_mean.h"
#include "ops/concat/concat.h"
#include "ops/conv2d/conv2d.h"
#include "ops/dense/dense.h"
#include "ops/depthwise_conv2d/depthwise_conv2d.h"
#include "ops/dequantise/dequantise.h"
#include "ops/drop_path/drop_path.h"
#include "ops/dropout/dropout.h"
#include "ops/flatten/flatten.h"
#include "ops/global_average_pool/global_average_pool.h"
#include "ops/global_max_pool/global_max_pool.h"
#include "ops/hard_sigmoid/hard_sigmoid.h"
#include "ops/hard_swish/hard_swish.h"
#include "ops/max_pool/max_pool.h"
#include "ops/multiply/multiply.h"
#include "ops/pad/pad.h"
#include "ops/prelu/prelu.h"
#include "ops/quantise/quantise.h"
#include "ops/relu/relu.h"
#include "ops/relu6/relu6.h"
#include "ops/sigmoid/sigmoid.h"
#include "ops/softmax/softmax.h"
#include "ops/swish/swish.h"

#define DIMPLE_OPS(X)                       \
  X(Conv2d, conv2d)                         \
  X(DepthwiseConv2d, depthwise_conv2d)      \
  X(Dense, dense)                           \
  X(BatchNorm, batch_norm)                  \
  X(Relu, relu)                             \
  X(Relu6, relu6)                           \
  X(Add, add)                               \
  X(MaxPool, max_pool)                      \
  X(AveragePool, average_pool)              \
  X(GlobalAveragePool, global_average_pool) \
  X(Flatten, flatten)                       \
  X(Dropout, dropout)                       \
  X(Softmax, softmax)                       \
  X(Pad, pad)                               \
  X(Quantise, quantise)                     \
  X(Dequantise, dequantise)                 \
  X(HardSwish, hard_swish)                  \
  X(HardSigmoid, hard_sigmoid)              \
  X(Sigmoid, sigmoid)                       \
  X(Swish, swish)                           \
  X(Prelu, prelu)                           \
  X(Multiply, multiply)                     \
  X(Concat, concat)                         \
  X(ChannelMean, channel_mean)              \
  X(ChannelMax, channel_max)                \
  X(GlobalMaxPool, global_max_pool)         \
  X(DropPath, drop_path)

namespace dimple::ops {

enum class OpCode : uint16_t {
#define DIMPLE_X(Type, name) name,
  DIMPLE_OPS(DIMPLE_X)
#undef DIMPLE_X
};

inline constexpr int kOpCount = 0
#define DIMPLE_X(Type, name) +1
    DIMPLE_OPS(DIMPLE_X)
#undef DIMPLE_X
    ;

#define DIMPLE_X(Type, name)                                                                               \
  static_assert(says_integer<Type>(), #name ".h lacks kInteger: what its integer kernel does to codes");   \
  static_assert(says_identity<Type>(), #name ".h lacks kIdentity: when it computes nothing");              \
  static_assert(says_linear<Type>(), #name ".h lacks kLinear: is it a linear operator?");                  \
  static_assert(says_output_channels<Type>(), #name ".h: no axis of the weight is Axis::out");             \
  static_assert(says_scales<Type>(), #name ".h lacks parameters(): how many scales its integer form has"); \
  static_assert(says_types<Type>(), #name ".h lacks kReads, kWrites: which types it converts");
DIMPLE_OPS(DIMPLE_X)
#undef DIMPLE_X

// f(Type{}) for the operator of that code, which is below kOpCount.
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
