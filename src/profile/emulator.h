// Machines that can be had without owning them: the targets that have an emulator, and how to run one.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "host/process.h"
#include "target/target.h"

namespace dimple::profile {

// The targets with an emulator.
std::vector<target::Target> emulated_targets();

// What this process itself runs on.
std::string_view host_machine();

struct FirmwareRun {
  std::string firmware = "signature";
  std::filesystem::path images;   // holds one folder per machine
  std::filesystem::path program;  // handed to the machine as it is, byte for byte
  host::ProcessOptions process = {};
};

// The image this run needs, whether or not it is there. The target has an emulator.
std::filesystem::path image_path(const target::Target& target, const FirmwareRun& run);

// The command line; exposed because it is also what one types to debug a firmware by hand.
std::vector<std::string> command_line(const target::Target& target, const FirmwareRun& run);

host::ProcessResult run_firmware(const target::Target& target, const FirmwareRun& run);

}  // namespace dimple::profile
