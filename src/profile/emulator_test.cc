#include "profile/emulator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "host/files.h"
#include "host/json.h"

namespace dimple::profile {
namespace {

const Machine& machine(std::string_view name) {
  for (const Machine& m : machines()) {
    if (m.name == name) return m;
  }
  throw std::runtime_error("no such machine");
}

TEST(Machines, EachHasACrossPresetOfItsName) {
  const host::Json presets =
      host::parse_json(host::read_text(std::string(DIMPLE_SOURCE_DIR) + "/CMakePresets.json"), "CMakePresets.json");
  std::set<std::string> names;
  for (const auto& preset : presets.at("configurePresets")) names.insert(preset.at("name"));
  for (const Machine& m : machines()) EXPECT_TRUE(names.contains(std::string(m.name))) << m.name;
}

TEST(Machines, CommandLineNamesImageAndProgram) {
  const FirmwareRun run{.firmware = "signature", .images = "/images", .program = "/tmp/a.dimple"};
  EXPECT_EQ(command_line(machine("aarch64"), run),
            (std::vector<std::string>{"qemu-aarch64", "/images/aarch64/signature.elf", "/tmp/a.dimple"}));
  EXPECT_EQ(command_line(machine("wasm"), run),
            (std::vector<std::string>{"node", "/images/wasm/run.mjs", "/images/wasm/signature.wasm", "/tmp/a.dimple"}));
}

TEST(Machines, ACommaInAPathIsNoOptionToTheEmulator) {
  const FirmwareRun run{.images = "/images", .program = "/tmp/a,readonly=off"};
  const std::vector<std::string> words = command_line(machine("cortex-m4"), run);
  EXPECT_NE(std::find(words.begin(), words.end(), "loader,file=/tmp/a,,readonly=off,addr=0x00080000,force-raw=on"),
            words.end());
}

// The address stands twice: where the linker script reads it and where the emulator's loader is told.
TEST(Machines, TheProgramIsFlashedWhereTheBoardLooksForIt) {
  const host::Json board = host::parse_json(
      host::read_text(std::string(DIMPLE_SOURCE_DIR) + "/targets/mps2-an386/target.json"), "target.json");
  const std::string slot = board.at("program_slot").at("origin");
  const std::vector<std::string> words = command_line(machine("cortex-m4"), {.program = "p"});
  EXPECT_EQ(words.back(), "loader,file=p,addr=" + slot + ",force-raw=on");
}

}  // namespace
}  // namespace dimple::profile
