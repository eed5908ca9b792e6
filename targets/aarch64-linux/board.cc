// A board made of a Linux process: the program is the file named on the command line.
#include "board.h"

#include <stdio.h>

namespace dimple::board {
namespace {

constexpr size_t kProgramBytes = size_t{32} << 20, kMemoryBytes = size_t{32} << 20;
alignas(16) uint8_t program_room[kProgramBytes];
alignas(16) uint8_t memory_room[kMemoryBytes];
size_t program_bytes = 0;

}  // namespace

Span<const uint8_t> program() { return {program_room, program_bytes}; }
Span<uint8_t> memory() { return memory_room; }
void print(const char* text) { fputs(text, stdout); }
uint64_t instructions() { return 0; }

// False when the file cannot be read or does not fit.
static bool load_program(const char* path) {
  FILE* const file = fopen(path, "rb");
  if (file == nullptr) return false;
  program_bytes = fread(program_room, 1, kProgramBytes, file);
  const bool whole = ferror(file) == 0 && fgetc(file) == EOF;
  fclose(file);
  return whole;
}

}  // namespace dimple::board

int main(int argc, char** argv) {
  if (argc != 2 || !dimple::board::load_program(argv[1])) {
    fputs("usage: signature program.dimple\n", stderr);
    return 2;
  }
  return dimple::board::firmware();
}
