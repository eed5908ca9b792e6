#include "kernels/pack.h"

namespace dimple::kernels {
namespace {

void pack_out8_in4(const ops::Dims& weight, const int8_t* from, int8_t* to) {
  const int64_t outs = weight.extent(ops::Axis::out), ins = weight.per_channel();
  for (int64_t block = 0; block < outs; block += 8)
    for (int64_t group = 0; group < ins; group += 4)
      for (int64_t out = block; out < block + 8; ++out)
        for (int64_t in = group; in < group + 4; ++in)
          *to++ = out < outs && in < ins ? from[weight.index_of(out, in)] : int8_t{0};
}

}  // namespace

void pack(format::Layout layout, const ops::Dims& weight, const void* from, void* to) {
  switch (layout) {
    case format::Layout::plain: return;
    case format::Layout::out8_in4:
      return pack_out8_in4(weight, static_cast<const int8_t*>(from), static_cast<int8_t*>(to));
  }
}

}  // namespace dimple::kernels
