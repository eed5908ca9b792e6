// It was compiled in, so the core has it.
namespace dimple::kernels::cortex_m_dsp {

bool here() { return true; }

}  // namespace dimple::kernels::cortex_m_dsp
