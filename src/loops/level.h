// Which of the compiled forms of a file of loops this machine can run (loops/lanes.h; cmake/rooms.cmake compiles them).
#pragma once

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
  inline const Type& name() { return loops::best_of(name##_v4, name##_v3, name##_base); }
#else
#define DIMPLE_LOOPS(Type, name) \
  extern const Type name##_base; \
  inline const Type& name() { return name##_base; }
#endif

}  // namespace dimple::loops
