#include "profile/emulator.h"

#include <array>

namespace dimple::profile {
namespace {

using Words = std::string_view;

// Static binaries: no library folder to point at.
constexpr std::array kAarch64{Words("{image}"), Words("{program}")};

// The program is put into flash beside the code, as a programmer would do it, at the address in the board's target.json
// (program_slot). One instruction takes one tick (icount), so that a run is the same every time.
constexpr std::array kCortexM4{
    Words("-M"),
    Words("mps2-an386"),
    Words("-display"),
    Words("none"),
    Words("-monitor"),
    Words("none"),
    Words("-serial"),
    Words("none"),
    Words("-chardev"),
    Words("stdio,id=out"),
    Words("-semihosting-config"),
    Words("enable=on,target=native,chardev=out"),
    Words("-icount"),
    Words("shift=0"),
    Words("-kernel"),
    Words("{image}"),
    Words("-device"),
    Words("loader,file={program,},addr=0x00080000,force-raw=on"),
};

constexpr std::array kWasm{Words("{images}/run.mjs"), Words("{image}"), Words("{program}")};

constexpr std::array kMachines{
    Machine{"aarch64", "64-bit ARM, Linux", "qemu-aarch64", "qemu-user", "{firmware}.elf", kAarch64},
    Machine{"cortex-m4", "bare ARM Cortex-M4, MPS2+ AN386", "qemu-system-arm", "qemu-system-arm", "{firmware}.elf",
            kCortexM4},
    Machine{"wasm", "WebAssembly in Node", "node", "nodejs", "{firmware}.wasm", kWasm},
};

struct Replacement {
  std::string_view key;
  std::string value;
};

std::string fill_in(std::string_view pattern, std::span<const Replacement> replacements) {
  std::string text(pattern);
  for (const Replacement& r : replacements) {
    for (size_t at = text.find(r.key); at != std::string::npos; at = text.find(r.key, at + r.value.size())) {
      text.replace(at, r.key.size(), r.value);
    }
  }
  return text;
}

// QEMU separates options by commas and reads two of them as one.
std::string double_commas(const std::string& text) {
  std::string out;
  for (const char c : text) out.append(c == ',' ? 2 : 1, c);
  return out;
}

}  // namespace

std::span<const Machine> machines() { return kMachines; }

std::string_view host_machine() {
#if defined(__x86_64__)
  return "x86-64";
#elif defined(__aarch64__)
  return "aarch64 (this host)";
#else
  return "this host";
#endif
}

std::filesystem::path image_path(const Machine& machine, const FirmwareRun& run) {
  const std::array names{Replacement{"{firmware}", run.firmware}};
  return run.images / machine.name / fill_in(machine.image, names);
}

std::vector<std::string> command_line(const Machine& machine, const FirmwareRun& run) {
  const std::array values{
      Replacement{"{images}", (run.images / machine.name).string()},
      Replacement{"{image}", image_path(machine, run).string()},
      Replacement{"{program}", run.program.string()},
      Replacement{"{program,}", double_commas(run.program.string())},
  };
  std::vector<std::string> words{std::string(machine.emulator)};
  for (const std::string_view argument : machine.arguments) words.push_back(fill_in(argument, values));
  return words;
}

host::ProcessResult run_firmware(const Machine& machine, const FirmwareRun& run) {
  return host::run_process(command_line(machine, run), run.process);
}

}  // namespace dimple::profile
