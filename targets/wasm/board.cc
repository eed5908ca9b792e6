// A board made of a WebAssembly module. The page (or run.mjs) asks for room, writes the program there, and calls run.
#include "board.h"
#include "base/memory.h"

extern "C" {
extern uint8_t __heap_base[];  // from the linker: behind stack and data
__attribute__((import_module("board"), import_name("print"))) void board_print(const char* text);
}

namespace dimple::board {
namespace {

constexpr size_t kPage = 65536, kMemoryBytes = size_t{32} << 20;
uint8_t* program_room = nullptr;
size_t program_bytes = 0;
uint8_t* memory_room = nullptr;

}  // namespace

Span<const uint8_t> program() { return {program_room, program_bytes}; }
Span<uint8_t> memory() { return {memory_room, memory_room == nullptr ? 0 : kMemoryBytes}; }
void print(const char* text) { board_print(text); }
uint64_t instructions() { return 0; }

}  // namespace dimple::board

// Where to write a program of that many bytes; 0 when there is no room for it and the working memory.
extern "C" __attribute__((export_name("program_room"))) uint8_t* program_room(uint32_t bytes) {
  using namespace dimple;
  constexpr uint32_t kMost = uint32_t{1} << 28;
  if (bytes > kMost) return nullptr;
  const size_t start = round_up<size_t>(reinterpret_cast<size_t>(__heap_base), 16);
  const size_t work = round_up<size_t>(start + bytes, 16);
  const size_t pages = round_up(work + board::kMemoryBytes, board::kPage) / board::kPage;
  const size_t have = __builtin_wasm_memory_size(0);
  if (pages > have && __builtin_wasm_memory_grow(0, pages - have) == static_cast<size_t>(-1)) return nullptr;
  board::program_room = reinterpret_cast<uint8_t*>(start);
  board::program_bytes = bytes;
  board::memory_room = reinterpret_cast<uint8_t*>(work);
  return board::program_room;
}

extern "C" __attribute__((export_name("run"))) int32_t run() { return dimple::board::firmware(); }
