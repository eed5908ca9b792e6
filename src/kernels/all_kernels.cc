// Every kernel of this build. A firmware that knows its program defines all_kernels() by itself, with the kernels of
// that program alone; then this file is not linked.
#include "kernels/kernel.h"
#include "kernels/pack.h"
#include "kernels/shapes.h"

extern "C" {
#define DIMPLE_X(Type, name)                           \
  void name##_f32_ref(const DimpleCall*, DimpleRange); \
  void name##_s8_ref(const DimpleCall*, DimpleRange);  \
  void name##_b1_ref(const DimpleCall*, DimpleRange);
DIMPLE_OPS(DIMPLE_X)
#undef DIMPLE_X
#define DIMPLE_KERNEL(op, types, weights, fits, scratch, function) void function(const DimpleCall*, DimpleRange);
#include "kernels/all.list"
#undef DIMPLE_KERNEL
}

namespace dimple::kernels {
namespace {

template <class Op>
constexpr bool kHasFloatForm = Op::kInteger != ops::IntegerForm::converts;
template <class Op>
constexpr bool kHasIntegerForm = Op::kInteger != ops::IntegerForm::none;

template <class Op>
constexpr bool kHasBinaryForm = ops::is_binary<Op>();

template <class Op>
constexpr size_t kForms = (kHasFloatForm<Op> ? 1 : 0) + (kHasIntegerForm<Op> ? 1 : 0) + (kHasBinaryForm<Op> ? 1 : 0);

constexpr size_t kReferences = 0
#define DIMPLE_X(Type, name) +kForms<ops::Type>
    DIMPLE_OPS(DIMPLE_X)
#undef DIMPLE_X
    ;

// The build says which instruction sets it compiled (cmake/rooms.cmake). The functions of the others do not exist, and
// this constant is folded without them.
#define DIMPLE_HAS_portable 1
#define DIMPLE_JOIN(a, b) a##b
#define DIMPLE_HAS(isa) DIMPLE_JOIN(DIMPLE_HAS_, isa)

// A firmware keeps what it can run; a host, which plans for other machines, keeps all (cmake/rooms.cmake).
constexpr bool is_kept(bool has_code) { return DIMPLE_PLANS_FOR_OTHERS != 0 || has_code; }
constexpr decltype(&pack) packer(Layout layout, bool has_code) {
  return has_code && layout != Layout::plain ? pack : nullptr;
}

// One more than there are, so that it is never empty.
constexpr KernelInfo kListed[] = {
#define DIMPLE_KERNEL(op, types, weights, fits, scratch, function) \
  {ops::OpCode::op,                                                \
   types,                                                          \
   Isa::DIMPLE_ISA,                                                \
   #function,                                                      \
   DIMPLE_HAS(DIMPLE_ISA) ? function : nullptr,                    \
   is_kept(DIMPLE_HAS(DIMPLE_ISA)) ? fits : nullptr,               \
   is_kept(DIMPLE_HAS(DIMPLE_ISA)) ? scratch : nullptr,            \
   Layout::weights,                                                \
   packer(Layout::weights, DIMPLE_HAS(DIMPLE_ISA))},
#include "kernels/all.list"
#undef DIMPLE_KERNEL
    {}};

constexpr bool is_kept(const KernelInfo& kernel) { return kernel.fits != nullptr; }

constexpr size_t kept_count() {
  size_t count = 0;
  for (const KernelInfo& kernel : kListed) count += is_kept(kernel);
  return count;
}

constexpr size_t kCount = kept_count() + kReferences;

struct Table {
  KernelInfo kernels[kCount]{};
  size_t count = 0;

  constexpr void add(const KernelInfo& kernel) { kernels[count++] = kernel; }
};

constexpr KernelInfo reference_of(ops::OpCode op, Types types, const char* name, ops::Kernel run) {
  return {op, types, Isa::portable, name, run, every_call, no_scratch, Layout::plain, nullptr};
}

// A form that an operator lacks has no function: its name stands in a branch that is never instantiated.
constexpr Table make_table() {
  Table table;
  for (const KernelInfo& kernel : kListed)
    if (is_kept(kernel)) table.add(kernel);
#define DIMPLE_X(Type, name)                                                                                \
  [&table](auto op) {                                                                                       \
    using Op = decltype(op);                                                                                \
    if constexpr (kHasFloatForm<Op>)                                                                        \
      table.add(reference_of(ops::OpCode::name, f32_f32_f32, #name "_f32_ref", name##_f32_ref));            \
    if constexpr (kHasIntegerForm<Op>)                                                                      \
      table.add(reference_of(ops::OpCode::name, ops::integer_types<Op>(), #name "_s8_ref", name##_s8_ref)); \
    if constexpr (kHasBinaryForm<Op>)                                                                       \
      table.add(reference_of(ops::OpCode::name, b1_b1_s8, #name "_b1_ref", name##_b1_ref));                 \
  }(ops::Type{});
  DIMPLE_OPS(DIMPLE_X)
#undef DIMPLE_X
  return table;
}

constexpr Table kTable = make_table();
static_assert(kTable.count == kCount);

}  // namespace

Span<const KernelInfo> all_kernels() { return kTable.kernels; }

}  // namespace dimple::kernels
