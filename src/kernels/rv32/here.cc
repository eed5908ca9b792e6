// It was compiled in, so the core has it.
namespace dimple::kernels::rv32 {

bool here() { return true; }

}  // namespace dimple::kernels::rv32
