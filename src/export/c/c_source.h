// The C form of a planned program: the same steps, arena offsets and constants as C99 (which is C++ as well), for
// projects that want no program file and no reader of one. c_folder.h puts the kernels beside it.
#pragma once
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "compile/lower.h"
#include "kernels/kernel.h"

namespace dimple::exports {

struct CSources {
  std::string name;               // an identifier: prefix of every symbol, and the files' name
  std::string macro;              // prefix of every macro
  std::string header;             // <name>.h
  std::string source;             // <name>.c: includes <name>.h and ops/call.h
  std::set<std::string> kernels;  // the functions that it calls
  uint32_t arena_bytes = 0;
  uint32_t constant_bytes = 0;  // of weights, biases and scales
  bool exact = true;            // gives the reference's bits; float kernels of an instruction set round in other places
};

// Labels and preprocessing come out of the program's metadata. The calls name portable kernels, which every compiler
// can build, or for a program that was planned for a chip those of its instruction sets. Throws host::Error: Exit::model
// for bytes that are no valid program, Exit::usage for one whose weights are packed for other kernels.
CSources write_c(std::span<const uint8_t> program, std::string_view name, kernels::IsaSet isas = {});
// With labels and preprocessing that the program does not say.
CSources write_c(std::span<const uint8_t> program, const compile::ProgramFacts&, std::string_view name,
                 kernels::IsaSet isas = {});

}  // namespace dimple::exports
