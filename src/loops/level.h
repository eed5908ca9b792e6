// Each file of loops is compiled once for each level of machine (loops/lanes.h, cmake/rooms.cmake); this page lists the
// files and picks the best form that the machine at hand can run: loops::conv2d_loops() and so on.
#pragma once
#include "loops/batch_norm.h"
#include "loops/convolution.h"

namespace dimple::loops {

#if defined(__x86_64__)
// Chosen once, when first asked.
template <class Loops>
const Loops& best_of(const Loops& v4, const Loops& v3, const Loops& base) {
  static const bool has_v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  static const bool has_v4 = has_v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                             __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  return has_v4 ? v4 : has_v3 ? v3 : base;
}
#define DIMPLE_LOOPS(Type, name)                       \
  extern const Type name##_v4, name##_v3, name##_base; \
  inline const Type& name() { return best_of(name##_v4, name##_v3, name##_base); }
#else
#define DIMPLE_LOOPS(Type, name) \
  extern const Type name##_base; \
  inline const Type& name() { return name##_base; }
#endif

DIMPLE_LOOPS(BatchNormLoops, batch_norm_loops)
DIMPLE_LOOPS(Conv2dLoops, conv2d_loops)
DIMPLE_LOOPS(DepthwiseLoops, depthwise_loops)
#undef DIMPLE_LOOPS

}  // namespace dimple::loops
