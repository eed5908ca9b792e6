// Counts the instructions of one inference, on emulators that count: prints `step operator instructions` for each step of
// the board's program, and `all instructions` for the difference between two inferences and one.
#include "board.h"
#include "ops/op_list.h"
#include "print_digits.h"
#include "runtime/executor.h"

using namespace dimple;

namespace {

constexpr uint32_t kMostSteps = 256;

struct Counts {
  uint64_t at[kMostSteps];
  uint32_t steps = 0;
};

void note(void* user, uint32_t step, const DimpleCall*) {
  auto* const counts = static_cast<Counts*>(user);
  if (step < kMostSteps) counts->at[step] = board::instructions(), counts->steps = step + 1;
}

void print_line(const char* name, uint64_t count) {
  board::print(name);
  board::print(" ");
  firmware::print_digits(count, 10, 1);
  board::print("\n");
}

}  // namespace

int dimple::board::firmware() {
  const Span<const uint8_t> bytes = program();
  dimple_session session;
  const Span<uint8_t> room = memory();
  const int32_t opened = dimple_open(&session, bytes.data(), static_cast<uint32_t>(bytes.size()), room.data(),
                                     static_cast<uint32_t>(room.size()));
  if (opened != 0) {
    print(describe(static_cast<Status>(opened)));
    return 1;
  }
  const dimple_tensor_info input = dimple_input(&session);
  auto* const codes = static_cast<uint8_t*>(input.data);
  for (uint32_t i = 0; i < input.bytes; ++i) codes[i] = static_cast<uint8_t>(i * 7);
  dimple_run(&session);
  const uint64_t once = instructions();
  dimple_run(&session);
  const uint64_t twice = instructions();
  print_line("all", twice - once);
  print_line("memory", dimple_memory_bytes(bytes.data(), static_cast<uint32_t>(bytes.size())));

  Counts counts;
  dimple_trace(&session, note, &counts);
  uint64_t last = instructions();
  dimple_run(&session);
  const format::Program steps = format::view_program(bytes.data());
  for (uint32_t i = 0; i < counts.steps; ++i) {
    const kernels::KernelInfo* kernel = runtime::kernel_of(steps, steps.steps[i], kernels::isas_here());
    print_line(kernel->name, counts.at[i] - last);
    last = counts.at[i];
  }
  return 0;
}
