// One pixel, however many codes.
#include "kernels/helium/product_s8.h"

using namespace dimple;
using namespace dimple::ops;
using namespace dimple::kernels::helium;

extern "C" void dense_s8_helium(const DimpleCall* call, DimpleRange rows) {
  if (rows.first >= rows.last) return;
  const auto* const from = static_cast<const int8_t*>(call->in[0].data);
  write_blocks(Product(*call, elements_of(call->in[0])), from, 0, static_cast<int8_t*>(call->out.data));
}
