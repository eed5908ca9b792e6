// Where a bare chip's linker script says that the planned program and the free RAM lie.
#include "base/memory.h"
#include "board.h"
#include "format/program.h"

extern "C" {
extern uint8_t free_ram_start[], free_ram_end[];
extern const uint8_t slot_start[], slot_end[];
}

namespace dimple::board {

// What was flashed says how long it is; an empty or damaged slot is for the reader to refuse.
Span<const uint8_t> program() {
  const auto room = static_cast<size_t>(slot_end - slot_start);
  format::Header header;
  copy_bytes(&header, slot_start, sizeof header);
  return {slot_start, header.file_bytes < room ? header.file_bytes : room};
}

Span<uint8_t> memory() { return {free_ram_start, static_cast<size_t>(free_ram_end - free_ram_start)}; }

}  // namespace dimple::board
