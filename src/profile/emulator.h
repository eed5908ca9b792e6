// Machines that can be had without owning them: the targets that have an emulator, and how to run one.
#pragma once
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "host/process.h"
#include "target/target.h"

namespace dimple::profile {

// The targets with an emulator.
std::vector<target::Target> emulated_targets();

// What this process itself runs on.
std::string_view host_machine();

// Bytes that a machine is handed as a file, in a folder of their own, until this goes.
class ProgramFile {
 public:
  explicit ProgramFile(std::span<const uint8_t> program);  // Error(Exit::resources) where no folder can be made
  ProgramFile(const ProgramFile&) = delete;
  ProgramFile& operator=(const ProgramFile&) = delete;
  ~ProgramFile();
  std::filesystem::path path() const { return folder_ / "program.dimple"; }

 private:
  std::filesystem::path folder_;
};

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
