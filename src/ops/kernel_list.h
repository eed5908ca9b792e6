// Every kernel of this build, once: include this with DIMPLE_KERNEL(op, dtype, variant, function) defined to what each
// line shall become; it is undefined again at the end. Dispatch, conformance tests, benches and the size report do so.
//
// Per operator and dtype the reference comes first and the best last. dtype is the one of a step (format/program.h).
// So far no kernel asks for scratch; the first that does adds a column.
// No #pragma once: it is there to be included many times.

#include "ops/add/add.kernels"
#include "ops/average_pool/average_pool.kernels"
#include "ops/batch_norm/batch_norm.kernels"
#include "ops/channel_max/channel_max.kernels"
#include "ops/channel_mean/channel_mean.kernels"
#include "ops/concat/concat.kernels"
#include "ops/conv2d/conv2d.kernels"
#include "ops/dense/dense.kernels"
#include "ops/depthwise_conv2d/depthwise_conv2d.kernels"
#include "ops/dequantise/dequantise.kernels"
#include "ops/drop_path/drop_path.kernels"
#include "ops/dropout/dropout.kernels"
#include "ops/flatten/flatten.kernels"
#include "ops/global_average_pool/global_average_pool.kernels"
#include "ops/global_max_pool/global_max_pool.kernels"
#include "ops/hard_sigmoid/hard_sigmoid.kernels"
#include "ops/hard_swish/hard_swish.kernels"
#include "ops/max_pool/max_pool.kernels"
#include "ops/multiply/multiply.kernels"
#include "ops/pad/pad.kernels"
#include "ops/prelu/prelu.kernels"
#include "ops/quantise/quantise.kernels"
#include "ops/relu/relu.kernels"
#include "ops/relu6/relu6.kernels"
#include "ops/sigmoid/sigmoid.kernels"
#include "ops/softmax/softmax.kernels"
#include "ops/swish/swish.kernels"

#undef DIMPLE_KERNEL
