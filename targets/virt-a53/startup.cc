// From power-on to firmware(): stack, vector registers, an address map, .data, .bss. Nothing here may need any of them
// before it is there.
#include "base/memory.h"
#include "board.h"

extern "C" {
extern uint8_t data_start[], data_end[], data_load[], bss_start[], bss_end[];

[[noreturn]] void start();
[[noreturn]] void trap_handler();
}

namespace {

// Numbers of ARM's semihosting specification.
enum Operation : uint64_t { kWrite0 = 0x04, kExit = 0x18 };
constexpr uint64_t kApplicationExit = 0x20026;

void semihost(Operation operation, const void* argument) {
  register uint64_t x0 asm("x0") = operation;
  register const void* x1 asm("x1") = argument;
  asm volatile("hlt 0xF000" : "+r"(x0) : "r"(x1) : "memory");
}

[[noreturn]] void leave(int code) {
  const uint64_t block[] = {kApplicationExit, static_cast<uint64_t>(code)};
  semihost(kExit, block);
  for (;;) {
  }
}

// Without a map all memory counts as devices, which may not be read across a word's border: kernels do. Two of four
// blocks of a gigabyte, addresses as they are: devices below, memory above.
void map_memory() {
  constexpr uint64_t kBlock = 1, kMemory = 1 << 2, kShared = 3 << 8, kSeen = 1 << 10, kGigabyte = uint64_t{1} << 30;
  alignas(32) static uint64_t blocks[4];
  blocks[0] = kBlock | kSeen;
  blocks[1] = kGigabyte | kBlock | kMemory | kShared | kSeen;
  constexpr uint64_t kKinds = 0xFF00;                    // of memory: 0 is a device, 1 is cached
  constexpr uint64_t kFourGigabytes = 64 - 32;           // of addresses, by the first table
  constexpr uint64_t kCachedWalks = 3 << 12 | 5 << 8;    // reads of the table
  constexpr uint64_t kNoSecondTable = 1 << 23;
  constexpr uint64_t kMapped = 1 << 0, kDataCache = 1 << 2, kCodeCache = 1 << 12;
  uint64_t control;
  asm volatile("mrs %0, sctlr_el1" : "=r"(control));
  control |= kMapped | kDataCache | kCodeCache;
  asm volatile(
      "msr mair_el1, %0\n msr tcr_el1, %1\n msr ttbr0_el1, %2\n dsb sy\n isb\n"
      "tlbi vmalle1\n dsb sy\n isb\n msr sctlr_el1, %3\n isb\n" ::"r"(kKinds),
      "r"(kFourGigabytes | kCachedWalks | kNoSecondTable), "r"(blocks), "r"(control)
      : "memory");
}

}  // namespace

// Whatever happens ends in the trap handler: its vector table is 16 branches of 128 bytes, all the same.
asm(R"(
  .section .reset, "ax"
  .global reset_handler
reset_handler:
  adrp x0, stack_top
  add x0, x0, :lo12:stack_top
  mov sp, x0
  adrp x0, vectors
  add x0, x0, :lo12:vectors
  msr vbar_el1, x0
  mov x0, 3 << 20  // the vector registers, which the compiler may use anywhere
  msr cpacr_el1, x0
  isb
  b start
  .balign 2048
vectors:
  .rept 16
  b trap_handler
  .balign 128
  .endr
  .text
)");

extern "C" [[gnu::used]] void start() {
  dimple::copy_bytes(data_start, data_load, static_cast<size_t>(data_end - data_start));
  for (uint8_t* p = bss_start; p < bss_end; ++p) *p = 0;
  map_memory();
  leave(dimple::board::firmware());
}

extern "C" [[gnu::used]] void trap_handler() {
  semihost(kWrite0, "trap: the processor stopped at an invalid access or instruction\n");
  leave(1);
}

namespace dimple::board {

void print(const char* text) { semihost(kWrite0, text); }

// The emulator takes a nanosecond for an instruction (-icount shift=0); the counter ticks every 16 of them.
uint64_t instructions() {
  uint64_t ticks;
  asm volatile("isb\n mrs %0, cntvct_el0" : "=r"(ticks)::"memory");
  return ticks * 16;
}

}  // namespace dimple::board
