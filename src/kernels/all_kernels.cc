// Every kernel of this build. A firmware that knows its programs compiles this file once more, with DIMPLE_FORMS: the forms
// of operators that they use, "conv2d_s8 softmax_f32", as references are called. Then the one in the archive is not linked,
// nor is any kernel of another form (apps/firmware/CMakeLists.txt).
#include "kernels/kernel.h"
#include "kernels/pack.h"
#include "kernels/shapes.h"

extern "C" {
#define DIMPLE_X(Type, name)                             \
  void name##_f32_ref(const DimpleCall*, DimpleRange);   \
  void name##_s8_ref(const DimpleCall*, DimpleRange);    \
  void name##_b1_ref(const DimpleCall*, DimpleRange);    \
  void name##_s8_b1_ref(const DimpleCall*, DimpleRange); \
  void name##_s8_c4_ref(const DimpleCall*, DimpleRange); \
  void name##_s8_c5_ref(const DimpleCall*, DimpleRange);
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
constexpr bool kHasBinaryForms = ops::is_binary<Op>();
template <class Op>
constexpr bool kHasCodedForms = ops::is_coded<Op>();

#ifndef DIMPLE_FORMS
#define DIMPLE_FORMS ""  // all of them
#endif

// Where the word ends that `text` begins with; null when it begins with another.
constexpr const char* behind(const char* text, const char* word) {
  for (; *word != 0; ++text, ++word)
    if (*text != *word) return nullptr;
  return text;
}
constexpr const char* suffix_of(const Types& types) {
  if (types == f32_f32_f32) return "_f32";
  switch (types.weight) {
    case DType::b1: return types.in == DType::b1 ? "_b1" : "_s8_b1";
    case DType::c4: return "_s8_c4";
    case DType::c5: return "_s8_c5";
    default: return "_s8";
  }
}
constexpr bool is_used(const char* op, const Types& types) {
  const char* forms = DIMPLE_FORMS;
  if (*forms == 0) return true;
  for (bool starts = true; *forms != 0; starts = *forms++ == ' ') {
    const char* end = starts ? behind(forms, op) : nullptr;
    if (end != nullptr) end = behind(end, suffix_of(types));
    if (end != nullptr && (*end == 0 || *end == ' ')) return true;
  }
  return false;
}
constexpr size_t word_count(const char* text) {
  size_t words = *text != 0;
  for (; *text != 0; ++text) words += *text == ' ';
  return words;
}

// The build says which instruction sets it compiled (cmake/rooms.cmake). The functions of the others do not exist, and
// this constant is folded without them.
#define DIMPLE_HAS_portable 1
#define DIMPLE_JOIN(a, b) a##b
#define DIMPLE_HAS(isa) DIMPLE_JOIN(DIMPLE_HAS_, isa)

// A firmware keeps what it can run and uses; a host, which plans for other machines, keeps all (cmake/rooms.cmake).
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

constexpr size_t kListedCount = sizeof kListed / sizeof kListed[0];
constexpr const char* kListedOperators[] = {
#define DIMPLE_KERNEL(op, ...) #op,
#include "kernels/all.list"
#undef DIMPLE_KERNEL
    ""};

constexpr bool is_kept(size_t listed) {
  return kListed[listed].fits != nullptr && is_used(kListedOperators[listed], kListed[listed].types);
}

template <size_t kMost>
struct Table {
  KernelInfo kernels[kMost]{};
  size_t count = 0, references = 0;

  constexpr void add(const KernelInfo& kernel) { kernels[count++] = kernel; }
  constexpr void add_reference(const char* op, const KernelInfo& kernel) {
    if (!is_used(op, kernel.types)) return;
    add(kernel);
    ++references;
  }
};

constexpr KernelInfo reference_of(ops::OpCode op, Types types, const char* name, ops::Kernel run) {
  return {op, types, Isa::portable, name, run, every_call, no_scratch, Layout::plain, nullptr};
}

// A form that an operator lacks has no function: its name stands in a branch that is never instantiated.
template <size_t kMost>
constexpr Table<kMost> make_table() {
  Table<kMost> table;
  for (size_t i = 0; i < kListedCount; ++i)
    if (is_kept(i)) table.add(kListed[i]);
#define DIMPLE_X(Type, name)                                                                                     \
  [&table](auto op) {                                                                                            \
    using Op = decltype(op);                                                                                     \
    constexpr auto kCode = ops::OpCode::name;                                                                    \
    if constexpr (kHasFloatForm<Op>)                                                                             \
      table.add_reference(#name, reference_of(kCode, f32_f32_f32, #name "_f32_ref", name##_f32_ref));            \
    if constexpr (kHasIntegerForm<Op>)                                                                           \
      table.add_reference(#name, reference_of(kCode, ops::integer_types<Op>(), #name "_s8_ref", name##_s8_ref)); \
    if constexpr (kHasBinaryForms<Op>) {                                                                         \
      table.add_reference(#name, reference_of(kCode, b1_b1_s8, #name "_b1_ref", name##_b1_ref));                 \
      table.add_reference(#name, reference_of(kCode, s8_b1_s8, #name "_s8_b1_ref", name##_s8_b1_ref));           \
    }                                                                                                            \
    if constexpr (kHasCodedForms<Op>) {                                                                          \
      table.add_reference(#name, reference_of(kCode, s8_c4_s8, #name "_s8_c4_ref", name##_s8_c4_ref));           \
      table.add_reference(#name, reference_of(kCode, s8_c5_s8, #name "_s8_c5_ref", name##_s8_c5_ref));           \
    }                                                                                                            \
  }(ops::Type{});
  DIMPLE_OPS(DIMPLE_X)
#undef DIMPLE_X
  return table;
}

constexpr size_t kMostKernels = kListedCount + 6 * ops::kOpCount;
constexpr auto kTable = make_table<make_table<kMostKernels>().count>();
static_assert(word_count(DIMPLE_FORMS) == 0 || word_count(DIMPLE_FORMS) == kTable.references,
              "DIMPLE_FORMS names one that no operator has, or one twice");

}  // namespace

Span<const KernelInfo> all_kernels() { return kTable.kernels; }

}  // namespace dimple::kernels
