#include "profile/emulator.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace dimple::profile {
namespace {

using target::find_target;

TEST(Emulators, CommandLineNamesImageAndProgram) {
  const FirmwareRun run{.firmware = "signature", .images = "/images", .program = "/tmp/a.dimple"};
  EXPECT_EQ(command_line(find_target("aarch64-linux"), run),
            (std::vector<std::string>{"qemu-aarch64", "/images/aarch64/signature.elf", "/tmp/a.dimple"}));
  EXPECT_EQ(command_line(find_target("wasm"), run),
            (std::vector<std::string>{"node", "/images/wasm/run.mjs", "/images/wasm/signature.wasm", "/tmp/a.dimple"}));
}

TEST(Emulators, ACommaInAPathIsNoOptionToTheEmulator) {
  const FirmwareRun run{.images = "/images", .program = "/tmp/a,readonly=off"};
  const std::vector<std::string> words = command_line(find_target("mps2-an386"), run);
  EXPECT_NE(std::find(words.begin(), words.end(), "loader,file=/tmp/a,,readonly=off,addr=0x00080000,force-raw=on"),
            words.end());
}

}  // namespace
}  // namespace dimple::profile
