// From power-on to firmware(): stack, traps, .data, .bss. Nothing here may need any of them before it is there.
#include "base/memory.h"
#include "board.h"

extern "C" {
extern uint8_t data_start[], data_end[], data_load[], bss_start[], bss_end[];

[[noreturn]] void reset_handler();
[[noreturn]] void start();
[[noreturn]] void trap_handler();
}

namespace {

// Of QEMU's virt: a serial line, and a register that ends the machine.
volatile uint8_t* const kSerial = reinterpret_cast<volatile uint8_t*>(0x10000000);
volatile uint32_t* const kFinisher = reinterpret_cast<volatile uint32_t*>(0x00100000);
constexpr uint32_t kPass = 0x5555, kFail = 0x3333;

[[noreturn]] void leave(int code) {
  *kFinisher = code == 0 ? kPass : static_cast<uint32_t>(code) << 16 | kFail;
  for (;;) {
  }
}

}  // namespace

// gp is set before anything is reached through it.
extern "C" [[gnu::naked, gnu::section(".reset")]] void reset_handler() {
  asm volatile(
      ".option push\n.option norelax\n.option arch, +zicsr\n"
      "la gp, global_data\n"
      "la sp, stack_top\n"
      "la t0, trap_handler\n"
      "csrw mtvec, t0\n"
      ".option pop\n"
      "j start\n");
}

extern "C" void start() {
  dimple::copy_bytes(data_start, data_load, static_cast<size_t>(data_end - data_start));
  dimple::fill_bytes(bss_start, 0, static_cast<size_t>(bss_end - bss_start));
  leave(dimple::board::firmware());
}

extern "C" [[gnu::aligned(4)]] void trap_handler() {
  dimple::board::print("trap: the processor stopped at an invalid access or instruction\n");
  leave(1);
}

namespace dimple::board {

void print(const char* text) {
  for (; *text != 0; ++text) *kSerial = static_cast<uint8_t>(*text);
}

// The counter is 64 bits wide in two registers: read again when the upper one moved.
uint64_t instructions() {
  uint32_t low, high, again;
  do {
    asm volatile(
        ".option push\n.option arch, +zicsr\n"
        "csrr %0, minstreth\n csrr %1, minstret\n csrr %2, minstreth\n"
        ".option pop"
        : "=&r"(high), "=&r"(low), "=r"(again));
  } while (high != again);
  return uint64_t{high} << 32 | low;
}

}  // namespace dimple::board
