// It was compiled in, and an engine without it would not have taken the module.
namespace dimple::kernels::wasm_simd {

bool here() { return true; }

}  // namespace dimple::kernels::wasm_simd
