// It was compiled in, so the core has it.
namespace dimple::kernels::helium {

bool here() { return true; }

}  // namespace dimple::kernels::helium
