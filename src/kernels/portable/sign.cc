// Codes to bits, a word of 32 channels at a time.
#include "ops/kernel_call.h"

using namespace dimple;
using namespace dimple::ops;

// A word is written when its codes are read: an output may lie over its input.
extern "C" void sign_s8_packed(const DimpleCall* call, DimpleRange rows) {
  const Range elements = elements_of(call->out, rows);
  const int32_t channels = call->out.channels;
  const auto* from = static_cast<const int8_t*>(call->in[0].data) + elements.first;
  auto* to = static_cast<uint32_t*>(call->out.data) + elements.first / 32;
  for (int32_t pixel = elements.first; pixel < elements.last; pixel += channels) {
    const auto* threshold = static_cast<const int32_t*>(call->bias);
    for (const int32_t* const end = threshold + channels; threshold < end;) {
      uint32_t word = 0;
      for (uint32_t bit = 1; bit != 0; bit <<= 1)
        if (*from++ >= *threshold++) word |= bit;
      *to++ = word;
    }
  }
}
