// Compiled without the flags of this folder: it runs on processors that lack AVX-512. The compiler's own library looks at
// the processor, and at the operating system, which must save the wide registers.
namespace dimple::kernels::avx512_vnni {

bool here() {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
         __builtin_cpu_supports("avx512dq") != 0 && __builtin_cpu_supports("avx512vl") != 0 &&
         __builtin_cpu_supports("avx512vnni") != 0 && __builtin_cpu_supports("fma") != 0;
}

}  // namespace dimple::kernels::avx512_vnni
