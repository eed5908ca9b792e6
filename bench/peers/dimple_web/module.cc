// The C interface as exports of a WebAssembly module, for one session.
#include "runtime/dimple.h"

#include <stddef.h>

#define EXPORT(name) extern "C" __attribute__((export_name(#name)))

namespace {

constexpr uint32_t kPageBytes = 65536;
dimple_session session;

}  // namespace

// Fresh memory behind all that there was, in whole pages; 0 when there is none left.
EXPORT(reserve) uint32_t reserve(uint32_t bytes) {
  const size_t page = __builtin_wasm_memory_grow(0, (bytes + kPageBytes - 1) / kPageBytes);
  return page == static_cast<size_t>(-1) ? 0 : static_cast<uint32_t>(page * kPageBytes);
}
EXPORT(memory_bytes) uint32_t memory_bytes(const void* program, uint32_t bytes) {
  return dimple_memory_bytes(program, bytes);
}
EXPORT(open) int32_t open(const void* program, uint32_t bytes, void* memory, uint32_t count) {
  return dimple_open(&session, program, bytes, memory, count);
}
EXPORT(run) int32_t run() { return dimple_run(&session); }
EXPORT(input) void* input() { return dimple_input(&session).data; }
EXPORT(output) void* output() { return dimple_output(&session).data; }
EXPORT(outputs) uint32_t outputs() { return dimple_output(&session).bytes / sizeof(float); }
EXPORT(codes) void* codes() { return dimple_logits(&session).data; }
EXPORT(code_count) uint32_t code_count() {
  return dimple_logits(&session).dtype == DIMPLE_S8 ? dimple_logits(&session).bytes : 0;
}
