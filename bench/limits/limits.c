/* bench_limits LEVEL: what one core could do if it did nothing but multiply and add, in operations a second (a product
 * and its sum are two), as {"f32": ..., "int8": ...}. The best of many short stretches: a limit is what was reached once.
 *
 * Twelve sums at once, so that none waits for itself. An empty asm statement makes its register unknown to the compiler,
 * which can then neither drop nor move what is computed with it. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { SUMS = 12, TURNS = 200000, STRETCHES = 40 };

/* A loop of `type` registers under an instruction set: `step` makes s from s and x. */
#define LOOP(name, set, type, constraint, step)                                                           \
  static void __attribute__((target(set), noinline)) name(void) {                                         \
    type sums[SUMS], x;                                                                                   \
    _Pragma("GCC unroll 12") for (int i = 0; i < SUMS; ++i) sums[i] = (type){0};                          \
    memset(&x, 0x3f, sizeof x);                                                                           \
    for (int turn = 0; turn < TURNS; ++turn) {                                                            \
      _Pragma("GCC unroll 12") for (int i = 0; i < SUMS; ++i) {                                           \
        type s = sums[i];                                                                                 \
        __asm__ volatile("" : "+" constraint(x));                                                         \
        step;                                                                                             \
        __asm__ volatile("" : "+" constraint(s));                                                         \
        sums[i] = s;                                                                                      \
      }                                                                                                   \
    }                                                                                                     \
    _Pragma("GCC unroll 12") for (int i = 0; i < SUMS; ++i) __asm__ volatile("" : : constraint(sums[i])); \
  }

struct limit {
  const char *level, *what;
  void (*loop)(void);
  int operations; /* of one step */
};

#if defined(__x86_64__)
#include <immintrin.h>
LOOP(f32_avx512, "avx512f", __m512, "v", s = _mm512_fmadd_ps(x, x, s))
LOOP(f32_avx2, "avx2,fma", __m256, "x", s = _mm256_fmadd_ps(x, x, s))
LOOP(f32_sse, "sse2", __m128, "x", s = _mm_add_ps(s, _mm_mul_ps(x, x)))
LOOP(int8_avx512_vnni, "avx512f,avx512vnni", __m512i, "v", s = _mm512_dpbusd_epi32(s, x, x))
LOOP(int8_avx_vnni, "avxvnni", __m256i, "x", s = _mm256_dpbusd_avx_epi32(s, x, x))
LOOP(int8_avx2, "avx2", __m256i, "x",
     s = _mm256_add_epi32(s, _mm256_madd_epi16(_mm256_maddubs_epi16(x, x), _mm256_set1_epi16(1))))
LOOP(int8_sse, "ssse3", __m128i, "x", s = _mm_add_epi32(s, _mm_madd_epi16(_mm_maddubs_epi16(x, x), _mm_set1_epi16(1))))
static const struct limit kLimits[] = {
    {"avx512_vnni", "f32", f32_avx512, 32}, {"avx512_vnni", "int8", int8_avx512_vnni, 128},
    {"amx", "f32", f32_avx512, 32},         {"amx", "int8", int8_avx512_vnni, 128},
    {"avx_vnni", "f32", f32_avx2, 16},      {"avx_vnni", "int8", int8_avx_vnni, 64},
    {"avx2", "f32", f32_avx2, 16},          {"avx2", "int8", int8_avx2, 64},
    {"portable", "f32", f32_sse, 8},        {"portable", "int8", int8_sse, 32},
};
#elif defined(__aarch64__)
#include <arm_neon.h>
LOOP(f32_neon, "arch=armv8-a", float32x4_t, "w", s = vfmaq_f32(s, x, x))
LOOP(int8_neon, "arch=armv8-a", int16x8_t, "w",
     s = vmlal_s8(s, vreinterpret_s8_s16(vget_low_s16(x)), vreinterpret_s8_s16(vget_high_s16(x))))
LOOP(int8_neon_dot, "arch=armv8.2-a+dotprod", int32x4_t, "w",
     s = vdotq_s32(s, vreinterpretq_s8_s32(x), vreinterpretq_s8_s32(x)))
static const struct limit kLimits[] = {
    {"neon_dot", "f32", f32_neon, 8},
    {"neon_dot", "int8", int8_neon_dot, 32},
    {"neon", "f32", f32_neon, 8},
    {"neon", "int8", int8_neon, 16},
};
#else
static const struct limit kLimits[] = {{"", "", NULL, 0}};
#endif

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double measure(const struct limit* limit) {
  double best = 0;
  for (int i = 0; i < STRETCHES; ++i) {
    const double start = seconds();
    limit->loop();
    const double rate = (double)limit->operations * SUMS * TURNS / (seconds() - start);
    if (rate > best) best = rate;
  }
  return best;
}

int main(int argc, char** argv) {
  const char* level = argc > 1 ? argv[1] : "";
  int found = 0;
  printf("{");
  for (size_t i = 0; i < sizeof kLimits / sizeof *kLimits; ++i)
    if (strcmp(kLimits[i].level, level) == 0 && kLimits[i].loop != NULL)
      printf("%s\"%s\": %.4g", found++ ? ", " : "", kLimits[i].what, measure(&kLimits[i]));
  printf("}\n");
  return found ? 0 : 2;
}
