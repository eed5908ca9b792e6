// The archive that goes onto a chip allocates nothing, throws nothing and calls nothing but the compiler's own helpers.
#include <gmock/gmock.h>

#include <filesystem>
#include <regex>
#include <set>
#include <sstream>

#include "tests/command.h"

namespace dimple::tests {

using testing::IsEmpty;

struct Archive {
  std::string nm, path;

  // Names that nm lists under one of these type letters.
  std::set<std::string> symbols(const std::string& letters) const {
    std::set<std::string> found;
    std::istringstream lines(run(nm + " " + path + " 2>/dev/null").output);
    for (std::string line; std::getline(lines, line);) {
      static const std::regex kSymbol(R"(^[0-9a-f]* *([A-Za-z]) (\S+)$)");
      std::smatch match;
      if (std::regex_match(line, match, kSymbol) && letters.find(match[1].str()) != std::string::npos)
        found.insert(match[2]);
    }
    return found;
  }

  // What is used and defined nowhere in it.
  std::vector<std::string> needs(const std::regex& apart_from) const {
    std::set<std::string> defined = symbols("TtWwVvDdBbRrCSsGgu");
    std::vector<std::string> open;
    for (const std::string& name : symbols("U"))
      if (!defined.contains(name) && !std::regex_search(name, apart_from)) open.push_back(name);
    return open;
  }
};

// The four functions that a compiler may call for a copy or a fill, its arithmetic helpers, and where it keeps what it
// found out about the processor.
static const std::string kHelpers =
    "^(memcpy|memset|memmove|memcmp|_GLOBAL_OFFSET_TABLE_|__aeabi_.*|__gnu_.*|__cpu_model|__cpu_features2|"
    "__cpu_indicator_init|"
    "__(u?div|u?mod|mul|ashl|ashr|lshr|clz|ctz|popcount)[sd]i[0-9]?)$";

static const std::regex kHeapOrUnwinding(
    "^(malloc|calloc|realloc|free|abort|_Zn[wa].*|_Zd[la].*|__cxa_.*|_Unwind.*|__gxx_personality.*|_ZSt.*|_ZNSt.*)$");

static std::vector<std::string> forbidden(const Archive& archive) {
  std::vector<std::string> found;
  for (const std::string& name : archive.symbols("UTtWwVv"))
    if (std::regex_search(name, kHeapOrUnwinding)) found.push_back(name);
  return found;
}

#if defined(__x86_64__) || defined(__aarch64__)
constexpr bool kHostHasInstructionSets = true;
#else
constexpr bool kHostHasInstructionSets = false;
#endif

TEST(DeviceArchive, ThisProofWouldNoticeAHeap) {
  EXPECT_FALSE(forbidden({"nm", std::filesystem::read_symlink("/proc/self/exe").string()}).empty())
      << "a GoogleTest program allocates";
}

TEST(DeviceArchive, HoldsNoHeapNoExceptionsNoLibrary) {
  Archive host{"nm", DIMPLE_DEVICE_ARCHIVE};
  EXPECT_FALSE(host.symbols("T").empty()) << host.path << " holds nothing";
  EXPECT_THAT(forbidden(host), IsEmpty());
}

TEST(DeviceArchive, NeedsNobodyButTheCompilersHelpers) {
  if (DIMPLE_INSTRUMENTED) GTEST_SKIP() << "an instrumented archive calls its instruments";
  Archive host{"nm", DIMPLE_DEVICE_ARCHIVE};
  EXPECT_THAT(host.needs(std::regex(kHelpers)), IsEmpty());
}

// A function that several files may hold, one of them compiled for AVX2: the linker keeps any one of them.
TEST(DeviceArchive, FilesOfAnInstructionSetHoldNoFunctionOfSharedHeaders) {
  if (DIMPLE_INSTRUMENTED) GTEST_SKIP() << "an instrumented file shares its instruments";
  namespace fs = std::filesystem;
  int files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(DIMPLE_DEVICE_ARCHIVE).parent_path() /
                                                            "CMakeFiles/dimple_device.dir/src/kernels")) {
    const fs::path folder = entry.path().parent_path(),
                   isa = fs::path(DIMPLE_SOURCE_DIR "/src/kernels") / folder.filename();
    if (entry.path().extension() != ".o" || !fs::exists(isa / "isa.cmake")) continue;
    EXPECT_THAT((Archive{"nm", entry.path().string()}.symbols("WVu")), IsEmpty()) << entry.path();
    ++files;
  }
  EXPECT_EQ(files > 0, kHostHasInstructionSets);
}

TEST(DeviceArchive, OnACortexM4Too) {
  Archive chip{"arm-none-eabi-nm", DIMPLE_IMAGES "/cortex-m4/libdimple_device.a"};
  if (!std::filesystem::exists(chip.path)) GTEST_SKIP() << "its image is not built (target images)";
  EXPECT_FALSE(chip.symbols("T").empty());
  EXPECT_THAT(forbidden(chip), IsEmpty());
  EXPECT_THAT(chip.needs(std::regex(kHelpers)), IsEmpty());
}

// What an image costs in flash, both ways: what shrinks is as much a change as what grows.
TEST(DeviceArchive, TheImageOfACortexM4TakesTheFlashThatItTook) {
  const std::string image = DIMPLE_IMAGES "/cortex-m4/signature.elf";
  if (!std::filesystem::exists(image)) GTEST_SKIP() << "it is not built (target images)";
  std::istringstream sizes(run("arm-none-eabi-size " + image + " | tail -n 1").output);
  double text = 0, data = 0;
  ASSERT_TRUE(sizes >> text >> data);
  constexpr double kPinned = 70'930;
  EXPECT_NEAR(text + data, kPinned, 0.03 * kPinned);
}

// What a page loads beside weights, both ways. With every operator, in codes and floats; and with those of the shipped reader.
static void expect_module_bytes(const std::string& name, double pinned) {
  const std::string module = DIMPLE_IMAGES "/wasm/" + name;
  if (!std::filesystem::exists(module)) GTEST_SKIP() << "it is not built (target images)";
  EXPECT_NEAR(static_cast<double>(std::filesystem::file_size(module)), pinned, 0.03 * pinned);
}

TEST(DeviceArchive, AModuleOfEveryOperatorTakesTheBytesThatItTook) { expect_module_bytes("bench_web.wasm", 123'970); }
TEST(DeviceArchive, TheModuleOfTheShippedReaderTakesTheBytesThatItTook) {
  expect_module_bytes("reader_web.wasm", 33'880);
}

}  // namespace dimple::tests
