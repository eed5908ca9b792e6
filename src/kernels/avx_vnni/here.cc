// Compiled without the flags of this folder: it runs on processors that lack AVX-VNNI. Not every compiler's own library
// knows this instruction set, so the processor is asked. The operating system has to save what AVX2 needs, no more.
#include "base/platform.h"

namespace dimple::kernels {

namespace avx2 {
bool here();
}

namespace avx_vnni {
namespace {

uint32_t eax_of_leaf_7(uint32_t subleaf) {
  uint32_t eax = 7, ebx, ecx = subleaf, edx;
  asm("cpuid" : "+a"(eax), "=b"(ebx), "+c"(ecx), "=d"(edx));
  return eax;
}

}  // namespace

// AVX2 is told by leaf 7, too, so the leaf is there; what its subleaf 0 answers is the last subleaf.
bool here() { return avx2::here() && eax_of_leaf_7(0) >= 1 && (eax_of_leaf_7(1) >> 4 & 1) != 0; }

}  // namespace avx_vnni
}  // namespace dimple::kernels
