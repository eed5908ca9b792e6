// Compiled without the flags of this folder: it runs on processors that lack AVX2 or FMA, which came together. The compiler's own library looks at
// the processor, and at the operating system, which must save the wide registers.
namespace dimple::kernels::avx2 {

bool here() {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0;
}

}  // namespace dimple::kernels::avx2
