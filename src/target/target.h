// A chip, or something that plays one: what targets/<name>/target.json says of it, read here and nowhere else. The files
// are compiled in, so that every program knows its targets without a folder.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "host/embedded_file.h"
#include "kernels/kernel.h"

namespace dimple::target {

// How to run an image without owning the board. In arguments, {image} stands for the image, {images} for the folder it
// lies in, {program} for the file of a planned program ({program,} with its commas doubled), {slot} for the address
// where the board looks for it.
struct Emulator {
  std::string command, package;  // the program, and the Debian package that has it
  std::string image;             // file name of a firmware: "{firmware}.elf"
  std::vector<std::string> arguments;
};

// One of three. How long an instruction takes, and on which target's emulator the kernels' instructions were counted
// (target/costs.h). Or where the kernels' times were measured, for each level of instruction sets. Or, of an assumption
// that people have published, how many operations a second there are: two for each multiply-add, and nothing else takes
// time.
struct CostSheet {
  std::string counted_on;  // "": one of the others holds
  std::string measured_on;
  double cycles_per_instruction = 1;
  double flops_per_second = 0;
  std::string source;  // where that is from
};

// What the machine draws while it computes.
struct PowerSheet {
  double active_watts = 0;
  std::string source;
};

struct Target {
  std::string name;     // of its folder
  std::string machine;  // of the cross preset that builds for it
  std::string about;
  std::string compiler_flags;  // of every file that is compiled for it: cmake/toolchains/target.cmake
  kernels::IsaSet isas;
  bool here = false;  // this machine: it has the instruction sets that are found, and runs programs for every machine
  int64_t ram_bytes = 0, flash_bytes = 0, stack_bytes = 0;  // 0: as much as a host has
  int64_t program_bytes = 0;                                // what a program may take: its slot, else all of the flash
  int64_t clock_hz = 0;                                     // 0: no fixed one
  std::string program_slot;                                 // address in flash; "" where a program is handed over
  std::optional<Emulator> emulator;
  std::optional<PowerSheet> power;
  std::optional<CostSheet> costs;  // with a clock, where it counts instructions, times can be estimated
};

// From JSON. Throws host::Error(Exit::input), which names the field that is missing, unknown, negative or of another type.
Target parse_target(std::string_view json, const std::string& what);

// Those of the folder targets/, by name.
const std::vector<Target>& targets();

// One of them, or the path of a target.json. Throws host::Error(Exit::usage) with "did you mean" for an unknown name.
Target find_target(const std::string& name_or_path);

// What is compiled in: "targets/wasm/target.json" and so on; "targets/virt-a53/costs.json" and so on.
std::span<const host::EmbeddedFile> target_files();
std::span<const host::EmbeddedFile> cost_files();

}  // namespace dimple::target
