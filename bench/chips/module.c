/* A program in WebAssembly, for bench/chips/time.mjs. Linked with the device's archive of the wasm preset:
 *   clang --target=wasm32 -O2 -ffreestanding -nostdlib -Isrc -Wl,--no-entry,--gc-sections,--strip-all \
 *     -Wl,-z,stack-size=65536 bench/chips/module.c build/wasm/libdimple_device.a targets/bare/memory.c -o module.wasm
 */
#include <stdint.h>

#include "runtime/dimple.h"

#define DIMPLE_EXPORT(name) __attribute__((export_name(#name)))

extern uint8_t __heap_base[];

enum { kPage = 65536, kMemoryBytes = 32 << 20 };
static struct dimple_session session;
static uint32_t program_bytes;

static uint8_t* aligned(uint8_t* at) { return (uint8_t*)(((uintptr_t)at + 15) & ~(uintptr_t)15); }
static uint8_t* program(void) { return aligned(__heap_base); }

/* Where to write a program of that many bytes. */
DIMPLE_EXPORT(room) uint8_t* room(uint32_t bytes) {
  const uintptr_t end = (uintptr_t)program() + bytes + 16 + kMemoryBytes;
  const uintptr_t pages = (end + kPage - 1) / kPage, have = __builtin_wasm_memory_size(0);
  if (pages > have) __builtin_wasm_memory_grow(0, pages - have);
  program_bytes = bytes;
  return program();
}
DIMPLE_EXPORT(open) int32_t open_program(void) {
  return dimple_open(&session, program(), program_bytes, aligned(program() + program_bytes), kMemoryBytes);
}
DIMPLE_EXPORT(input) void* input(void) { return dimple_input(&session).data; }
DIMPLE_EXPORT(input_bytes) uint32_t input_bytes(void) { return dimple_input(&session).bytes; }
DIMPLE_EXPORT(output) void* output(void) { return dimple_output(&session).data; }
DIMPLE_EXPORT(output_bytes) uint32_t output_bytes(void) { return dimple_output(&session).bytes; }
DIMPLE_EXPORT(run) int32_t run(void) { return dimple_run(&session); }
