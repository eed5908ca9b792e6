// The machines that can be had without owning them: which emulator runs each, and how.
#pragma once
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "host/process.h"

namespace dimple::profile {

// A row of the table. In arguments, {images} stands for the folder with this machine's images, {image} for the
// firmware itself, {program} for the planned program's file ({program,} with its commas doubled).
struct Machine {
  std::string_view name;  // that of the cross preset which builds its images
  std::string_view about;
  std::string_view emulator;  // the command
  std::string_view package;   // the Debian package that has it
  std::string_view image;     // file name pattern of a firmware
  std::span<const std::string_view> arguments;
};

std::span<const Machine> machines();

// What this process itself runs on.
std::string_view host_machine();

struct FirmwareRun {
  std::string firmware = "signature";
  std::filesystem::path images;   // holds one folder per machine
  std::filesystem::path program;  // handed to the machine as it is, byte for byte
  host::ProcessOptions process = {};
};

// The image this run needs, whether or not it is there.
std::filesystem::path image_path(const Machine& machine, const FirmwareRun& run);

// The command line; exposed because it is also what one types to debug a firmware by hand.
std::vector<std::string> command_line(const Machine& machine, const FirmwareRun& run);

host::ProcessResult run_firmware(const Machine& machine, const FirmwareRun& run);

}  // namespace dimple::profile
