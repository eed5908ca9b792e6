#include "profile/emulator.h"

#include <stdlib.h>

#include <array>
#include <string_view>
#include <system_error>

#include "host/error.h"
#include "host/files.h"

namespace dimple::profile {
namespace {

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

ProgramFile::ProgramFile(std::span<const uint8_t> program) {
  std::string pattern = (std::filesystem::temp_directory_path() / "dimple-program-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr)
    throw host::Error(host::Exit::resources,
                      "cannot make a folder in " + std::filesystem::temp_directory_path().string());
  folder_ = pattern;
  host::write_atomic(path(), program);
}

ProgramFile::~ProgramFile() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::vector<target::Target> emulated_targets() {
  std::vector<target::Target> emulated;
  for (const target::Target& t : target::targets())
    if (t.emulator) emulated.push_back(t);
  return emulated;
}

std::string_view host_machine() {
#if defined(__x86_64__)
  return "x86-64";
#elif defined(__aarch64__)
  return "aarch64 (this host)";
#else
  return "this host";
#endif
}

std::filesystem::path image_path(const target::Target& target, const FirmwareRun& run) {
  const std::array names{Replacement{"{firmware}", run.firmware}};
  return run.images / target.machine / fill_in(target.emulator->image, names);
}

std::vector<std::string> command_line(const target::Target& target, const FirmwareRun& run) {
  const std::array values{
      Replacement{"{images}", (run.images / target.machine).string()},
      Replacement{"{image}", image_path(target, run).string()},
      Replacement{"{program}", run.program.string()},
      Replacement{"{program,}", double_commas(run.program.string())},
      Replacement{"{slot}", target.program_slot},
  };
  std::vector<std::string> words{target.emulator->command};
  for (const std::string& argument : target.emulator->arguments) words.push_back(fill_in(argument, values));
  return words;
}

host::ProcessResult run_firmware(const target::Target& target, const FirmwareRun& run) {
  return host::run_process(command_line(target, run), run.process);
}

}  // namespace dimple::profile
