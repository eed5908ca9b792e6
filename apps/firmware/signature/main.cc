// Signs the board's program and prints the result as `name value` lines, which workflow/signature reads.
#include "board.h"
#include "print_digits.h"
#include "selftest/machine_signature.h"

namespace {

using dimple::firmware::print_digits;

void print_value(uint32_t value) { print_digits(value, 10, 1); }
void print_value(uint64_t value) { print_digits(value, 16, 16); }  // only hashes are that wide
void print_value(dimple::Status value) { print_digits(static_cast<uint32_t>(value), 10, 1); }

}  // namespace

int dimple::board::firmware() {
  const selftest::MachineSignature signature = selftest::sign_machine(program(), memory());
  selftest::MachineSignature::visit(signature, [](const char* name, const auto& value) {
    print(name);
    print(" ");
    print_value(value);
    print("\n");
  });
  return signature.status == Status::ok ? 0 : 1;
}
