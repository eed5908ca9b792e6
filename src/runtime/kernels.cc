#include "runtime/kernels.h"

extern "C" {
#define DIMPLE_KERNEL(op, dtype, variant, function) void function(const DimpleCall*);
#include "ops/kernel_list.h"
}

namespace dimple::runtime {
namespace {

constexpr KernelEntry kKernels[] = {
#define DIMPLE_KERNEL(op, dtype, variant, function) {ops::OpCode::op, DType::dtype, #variant, #function, function},
#include "ops/kernel_list.h"
};

}  // namespace

Span<const KernelEntry> all_kernels() { return kKernels; }

Span<const KernelEntry> kernels_of(ops::OpCode op, DType dtype) {
  const Span<const KernelEntry> all = all_kernels();
  size_t first = 0;
  while (first < all.size() && (all[first].op != op || all[first].dtype != dtype)) ++first;
  size_t last = first;
  while (last < all.size() && all[last].op == op && all[last].dtype == dtype) ++last;
  return all.subspan(first, last - first);
}

ops::Kernel find_kernel(ops::OpCode op, DType dtype) {
  const Span<const KernelEntry> variants = kernels_of(op, dtype);
  return variants.empty() ? nullptr : variants[variants.size() - 1].run;
}

ops::Kernel find_reference_kernel(ops::OpCode op, DType dtype) {
  const Span<const KernelEntry> variants = kernels_of(op, dtype);
  return variants.empty() ? nullptr : variants[0].run;
}

}  // namespace dimple::runtime
