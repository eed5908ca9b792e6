// The contract of a kernel, once. Dispatch, compiler, generated C, conformance tests, benches and the size report know
// kernels by these fields alone.
//
// A kernel of an instruction set is a file in kernels/<isa>/ and a line in <isa>.list; the reference of every operator
// follows from the list of operators (ops/op_list.h). all_kernels() holds those of every instruction set, so that a host
// can plan for another machine; `run` is there for those that were compiled for this one.
#pragma once
#include "base/dtype.h"
#include "base/span.h"
#include "format/layout.h"
#include "ops/kernel_call.h"
#include "ops/op_list.h"

namespace dimple::kernels {

using format::Layout;

inline constexpr Types f32_f32_f32{DType::f32, DType::f32, DType::f32};
inline constexpr Types s8_s8_s8{DType::s8, DType::s8, DType::s8};
inline constexpr Types s8_s8_b1{DType::s8, DType::s8, DType::b1};
inline constexpr Types b1_b1_s8{DType::b1, DType::b1, DType::s8};
inline constexpr Types s8_b1_s8{DType::s8, DType::b1, DType::s8};
inline constexpr Types s8_c4_s8{DType::s8, DType::c4, DType::s8};
inline constexpr Types s8_c5_s8{DType::s8, DType::c5, DType::s8};

// Beyond `portable`, which every machine runs: each a folder beside this file. Those of one machine stand in order of
// preference: the last that a processor has is the best (its level). It need not have all before: some have avx_vnni, some
// avx512_vnni, some both.
#define DIMPLE_ISAS(X) \
  X(avx2)              \
  X(avx_vnni) X(avx512_vnni) X(avx512_vpopcntdq) X(neon) X(neon_dot) X(wasm_simd) X(cortex_m_dsp) X(helium) X(rv32)

enum class Isa : uint8_t {
  portable,
#define DIMPLE_X(name) name,
  DIMPLE_ISAS(DIMPLE_X)
#undef DIMPLE_X
};

constexpr const char* name_of(Isa isa) {
  switch (isa) {
    case Isa::portable: return "portable";
#define DIMPLE_X(name) \
  case Isa::name: return #name;
      DIMPLE_ISAS(DIMPLE_X)
#undef DIMPLE_X
  }
  return "?";
}

inline constexpr Isa kIsas[] = {Isa::portable,
#define DIMPLE_X(name) Isa::name,
                                DIMPLE_ISAS(DIMPLE_X)
#undef DIMPLE_X
};

// What a machine can run. `portable` is in every set.
class IsaSet {
 public:
  constexpr IsaSet() = default;
  constexpr IsaSet with(Isa isa) const { return IsaSet(bits_ | bit(isa)); }
  constexpr bool has(Isa isa) const { return (bits_ & bit(isa)) != 0; }
  constexpr bool operator==(const IsaSet&) const = default;

 private:
  constexpr explicit IsaSet(uint32_t bits) : bits_(bits) {}
  static constexpr uint32_t bit(Isa isa) { return 1u << static_cast<uint32_t>(isa); }
  uint32_t bits_ = 1u << static_cast<uint32_t>(Isa::portable);
};

struct KernelInfo {
  ops::OpCode op;
  Types types;
  Isa isa;
  const char* name;
  ops::Kernel run;                              // null where it was not compiled for this machine
  bool (*fits)(const ops::Call&);               // which calls it takes; data is not there yet
  uint32_t (*scratch_bytes)(const ops::Call&);  // may be asked on a host, for another machine
  Layout weights;
  // kernels/pack.h; null for plain weights, and where `run` is.
  void (*pack)(Layout, DType weight, const ops::Dims&, const ops::Call&, void* to);
};

// In order of preference: the best instruction sets first, the references last. A host holds kernels of every machine.
Span<const KernelInfo> all_kernels();

}  // namespace dimple::kernels
