// One pixel, however many codes.
#include "kernels/chips/codes.h"
#include "kernels/cortex_m_dsp/product_s8.h"

using namespace dimple;
using namespace dimple::ops;
using namespace dimple::kernels;
using namespace dimple::kernels::cortex_m_dsp;

namespace {

template <Weights kWeights>
DIMPLE_INLINE void dense(const DimpleCall* call, DimpleRange rows) {
  if (rows.first >= rows.last) return;
  const int32_t codes = elements_of(call->in[0]), room = round_up<int32_t>(codes, 4);
  auto* const words = static_cast<uint32_t*>(call->scratch);
  auto* const copy = reinterpret_cast<int8_t*>(words + room);
  chips::copy_codes(copy, static_cast<const int8_t*>(call->in[0].data), codes);
  widen_two<kWeights>(copy, copy, codes, words);
  write_one(Product<kWeights>(*call, words, codes), static_cast<int8_t*>(call->out.data));
}

}  // namespace

extern "C" void dense_s8_cortex_m_dsp(const DimpleCall* call, DimpleRange rows) { dense<Weights::wide>(call, rows); }
extern "C" void dense_s8_compact_cortex_m_dsp(const DimpleCall* call, DimpleRange rows) {
  dense<Weights::compact>(call, rows);
}
