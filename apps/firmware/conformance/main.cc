// Holds every kernel of this machine against its reference, on the cases that lie where other firmware finds its
// program, and prints for each `name cases differ`: how many it took, and in how many it gave another answer.
#include "board.h"
#include "kernels/select.h"
#include "print_digits.h"
#include "selftest/kernel_check.h"

using namespace dimple;

namespace {

void print_count(uint32_t count) {
  board::print(" ");
  firmware::print_digits(count, 10, 1);
}

bool agrees(const kernels::KernelInfo& kernel) {
  const selftest::KernelCheck found = selftest::check_kernel(kernel, board::program(), board::memory());
  board::print(kernel.name);
  print_count(found.cases);
  print_count(found.differ);
  board::print("\n");
  if (found.status != Status::ok) board::print(describe(found.status));
  return found.status == Status::ok && found.differ == 0;
}

}  // namespace

int dimple::board::firmware() {
  const kernels::IsaSet isas = kernels::isas_here();
  bool all = true;
  for (const kernels::KernelInfo& kernel : kernels::all_kernels())
    if (isas.has(kernel.isa) && &kernel != kernels::reference(kernel.op, kernel.types)) all = agrees(kernel) && all;
  return all ? 0 : 1;
}
