// One picture and what a program makes of it, byte for byte: enough to see whether another compiler, or another machine,
// computes the same.
#pragma once
#include <cstdint>
#include <span>
#include <string>

namespace dimple::exports {

struct CheckVector {
  std::string input;     // as the program's input tensor holds it
  std::string expected;  // logits, then outputs
};

// A face of discs (selftest/signature_pictures.h), run by the portable kernels, as the C form is. The program is a valid
// one that says how it normalises.
CheckVector make_check_vector(std::span<const uint8_t> program);

}  // namespace dimple::exports
