#include "kernels/select.h"

namespace dimple::kernels {

static bool is_compact(const KernelInfo& kernel) {
  return kernel.weights == Layout::plain || 8 * info_of(kernel.weights).weight_bytes <= bit_width(kernel.types.weight);
}

const KernelInfo* select(const Wanted& wanted, const ops::Call& call) {
  for (const KernelInfo& kernel : all_kernels()) {
    if (kernel.op != wanted.op || !(kernel.types == wanted.types) || !wanted.isas.has(kernel.isa)) continue;
    if (wanted.weights != Layout::plain && kernel.weights != wanted.weights) continue;
    if (wanted.compact && !is_compact(kernel)) continue;
    if (kernel.fits(call)) return &kernel;
  }
  return nullptr;
}

IsaSet up_to(Isa level, IsaSet isas) {
  IsaSet kept;
  for (const Isa isa : kIsas)
    if (isa <= level && isas.has(isa)) kept = kept.with(isa);
  return kept;
}

Isa level_of(IsaSet isas) {
  Isa best = Isa::portable;
  for (const Isa isa : kIsas)
    if (isas.has(isa)) best = isa;
  return best;
}

const KernelInfo* reference(ops::OpCode op, Types types) {
  const KernelInfo* last = nullptr;
  for (const KernelInfo& kernel : all_kernels())
    if (kernel.op == op && kernel.types == types) last = &kernel;
  return last;
}

}  // namespace dimple::kernels
