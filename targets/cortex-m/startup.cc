// From power-on to firmware(): vector table, FPU, .data, .bss. Nothing here may need any of them before it is there.
#include "base/memory.h"
#include "board.h"
#include "semihosting.h"

extern "C" {
extern uint8_t stack_top[], data_start[], data_end[], data_load[], bss_start[], bss_end[];

[[noreturn]] void reset_handler();
[[noreturn]] void fault_handler();
}

namespace {

struct VectorTable {
  const uint8_t* stack;
  void (*reset)();
  void (*exceptions[14])();  // NMI, HardFault, MemManage, BusFault, UsageFault, ..., SysTick
};

__attribute__((section(".vectors"), used)) const VectorTable vectors = {
    stack_top,
    reset_handler,
    {fault_handler, fault_handler, fault_handler, fault_handler, fault_handler, fault_handler, fault_handler,
     fault_handler, fault_handler, fault_handler, fault_handler, fault_handler, fault_handler, fault_handler}};

// The compiler may use registers of the FPU (of Helium: the same) anywhere, so this comes first and nothing is inlined into it.
void enable_fpu() {
  volatile uint32_t* const coprocessor_access = reinterpret_cast<uint32_t*>(0xE000ED88);
  *coprocessor_access = *coprocessor_access | (0xFu << 20);
  asm volatile("dsb\n isb" ::: "memory");
}

[[noreturn, gnu::noinline]] void start() {
  dimple::copy_bytes(data_start, data_load, static_cast<size_t>(data_end - data_start));
  dimple::fill_bytes(bss_start, 0, static_cast<size_t>(bss_end - bss_start));
  dimple::semihosting::leave(dimple::board::firmware());
}

}  // namespace

extern "C" void reset_handler() {
  enable_fpu();
  start();
}

extern "C" void fault_handler() {
  dimple::semihosting::print("fault: the processor stopped at an invalid access or instruction\n");
  dimple::semihosting::leave(1);
}

namespace dimple::board {

void print(const char* text) { semihosting::print(text); }

// The emulator takes a nanosecond for an instruction (-icount shift=0); SysTick counts the processor's clock in 24 bits.
// Exact to a tick, some 40 instructions, of which there may be 500 million between two calls.
uint64_t instructions() {
  struct SysTick {
    volatile uint32_t control, reload, now;
  };
  constexpr uint32_t kMost = 0xFFFFFF, kOnByProcessorClock = 5;
  auto* const timer = reinterpret_cast<SysTick*>(0xE000E010);
  static uint32_t last = kMost;
  static uint64_t ticks = 0;
  if (timer->control != kOnByProcessorClock) {
    timer->reload = kMost;
    timer->now = 0;
    timer->control = kOnByProcessorClock;
  }
  const uint32_t now = timer->now;  // it counts down
  ticks += (last - now) & kMost;
  last = now;
  return ticks * 1000 / (DIMPLE_CLOCK_HZ / 1000000);
}

}  // namespace dimple::board
