// 64-bit ARM has it.
namespace dimple::kernels::neon {

bool here() { return true; }

}  // namespace dimple::kernels::neon
