// Compiled without the flags of this folder: it runs on processors that lack AVX-512.
namespace dimple::kernels {

namespace avx512_vnni {
bool here();
}

namespace avx512_vpopcntdq {

bool here() { return avx512_vnni::here() && __builtin_cpu_supports("avx512vpopcntdq") != 0; }

}  // namespace avx512_vpopcntdq
}  // namespace dimple::kernels
