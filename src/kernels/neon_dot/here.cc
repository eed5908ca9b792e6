// Compiled without the flags of this folder: it runs on processors that lack dot products.
//
// A program may not ask such a processor by itself, only its operating system may. Linux tells each process what there
// is (its auxiliary vector, AT_HWCAP); a C library hands that on, but this archive calls none, so it is read where
// Linux shows it, /proc/self/auxv, by system calls. Rejected: the register ID_AA64ISAR0_EL1, which Linux emulates only
// since 4.11; before, and elsewhere, reading it ends the process. Where the file cannot be read, and on other systems,
// the answer is what the compiler was told (-march, -mcpu): on Apple's machines dot products are always there.
#include "base/platform.h"

namespace dimple::kernels::neon_dot {

#if defined(__ARM_FEATURE_DOTPROD)

bool here() { return true; }

#elif defined(__linux__)

namespace {

// Of 64-bit ARM (asm-generic/unistd.h); below 0 when it failed.
constexpr int64_t kOpenAt = 56, kClose = 57, kRead = 63;

int64_t system_call(int64_t number, int64_t a, int64_t b, int64_t c) {
  register int64_t x8 asm("x8") = number;
  register int64_t x0 asm("x0") = a;
  register int64_t x1 asm("x1") = b;
  register int64_t x2 asm("x2") = c;
  register int64_t x3 asm("x3") = 0;
  asm volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory");
  return x0;
}

struct Entry {
  uint64_t type, value;
};

}  // namespace

bool here() {
  constexpr uint64_t kHardware = 16, kDotProducts = uint64_t{1} << 20;  // AT_HWCAP, HWCAP_ASIMDDP
  constexpr int64_t kReadOnlyCloseOnExec = 02000000;
  const int64_t file = system_call(kOpenAt, 0, reinterpret_cast<int64_t>("/proc/self/auxv"), kReadOnlyCloseOnExec);
  if (file < 0) return false;
  Entry entries[64];
  const int64_t bytes = system_call(kRead, file, reinterpret_cast<int64_t>(entries), sizeof entries);
  system_call(kClose, file, 0, 0);
  for (int64_t i = 0; i < bytes / static_cast<int64_t>(sizeof(Entry)); ++i)
    if (entries[i].type == kHardware) return (entries[i].value & kDotProducts) != 0;
  return false;
}

#else

bool here() { return false; }

#endif

}  // namespace dimple::kernels::neon_dot
